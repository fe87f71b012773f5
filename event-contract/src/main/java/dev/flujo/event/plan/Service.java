package dev.flujo.event.plan;

import dev.flujo.event.Ordered;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Something that runs beside a job while it is executed, such as a database. */
public record Service(String image, Map<String, String> env, Optional<String> command, Optional<Ready> ready) {

    /**
     * How to see that a service can be used: a command inside of it, an HTTP path, or a port that takes connections
     * (0 means none), asked {@code every} so often until the {@code timeout}.
     */
    public record Ready(Optional<String> run, Optional<String> http, int port, Duration every, Duration timeout) {

        public Ready {
            run = run == null ? Optional.empty() : run;
            http = http == null ? Optional.empty() : http;
            Objects.requireNonNull(every, "every");
            Objects.requireNonNull(timeout, "timeout");
        }
    }

    public Service {
        Objects.requireNonNull(image, "image");
        env = Ordered.copy(env);
        command = command == null ? Optional.empty() : command;
        ready = ready == null ? Optional.empty() : ready;
    }
}
