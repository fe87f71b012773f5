package dev.flujo.runner.executor.process;

import io.quarkus.runtime.configuration.MemorySize;
import io.quarkus.runtime.configuration.MemorySizeConverter;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.Map;

/** Configurations of jobs as processes. */
public final class TestProcess {

    private TestProcess() {}

    /** One with these values, by their names below {@code flujo.runner.process}. */
    public static ProcessConfig config(Map<String, String> values) {
        Map<String, String> properties = new java.util.HashMap<>();
        values.forEach((name, value) -> properties.put("flujo.runner.process." + name, value));
        return new SmallRyeConfigBuilder()
                .withConverter(MemorySize.class, 100, new MemorySizeConverter())
                .withMapping(ProcessConfig.class)
                .withSources(new PropertiesConfigSource(properties, "test", 1000))
                .build()
                .getConfigMapping(ProcessConfig.class);
    }
}
