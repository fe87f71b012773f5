package dev.flujo.kit.event;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;

/** Where a service notes what it has in hand. */
@ConfigMapping(prefix = "flujo.in-hand")
public interface InHandConfig {

    /** Of this process alone, and still there when it has died and starts again. */
    @WithDefault(".flujo/in-hand/${quarkus.application.name}")
    Path directory();
}
