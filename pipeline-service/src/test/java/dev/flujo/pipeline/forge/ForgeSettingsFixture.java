package dev.flujo.pipeline.forge;

import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.Map;

/** Settings as an operator writes them. */
public final class ForgeSettingsFixture {

    private ForgeSettingsFixture() {}

    /** From a file of properties. */
    public static ForgeSettings of(Map<String, String> properties) {
        return new ForgeSettings(new SmallRyeConfigBuilder()
                .withMapping(ForgeConfig.class)
                .withSources(new PropertiesConfigSource(properties, "test", 100))
                .build()
                .getConfigMapping(ForgeConfig.class));
    }

    /** From variables of the environment. */
    static ForgeSettings ofEnvironment(Map<String, String> variables) {
        return new ForgeSettings(new SmallRyeConfigBuilder()
                .withMapping(ForgeConfig.class)
                .withSources(new EnvConfigSource(variables, 100))
                .build()
                .getConfigMapping(ForgeConfig.class));
    }
}
