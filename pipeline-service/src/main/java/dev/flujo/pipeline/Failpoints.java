package dev.flujo.pipeline;

import dev.flujo.kit.process.Failpoint;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Arms one of the named steps at which this service may die: {@code flujo.pipeline.failpoint}, for tests. */
@Singleton
public class Failpoints {

    @Produces
    @Singleton
    Failpoint failpoint(@ConfigProperty(name = "flujo.pipeline.failpoint") Optional<String> armed) {
        return Failpoint.armed(armed);
    }
}
