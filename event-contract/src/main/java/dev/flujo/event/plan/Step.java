package dev.flujo.event.plan;

import dev.flujo.event.Ordered;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** One script of a job. */
public record Step(String name, String run, Map<String, String> env, Settings settings) {

    /**
     * How a step is executed, where it differs from the others.
     *
     * @param bindings the inputs of the templates that the step came from, the outermost first
     */
    public record Settings(
            Condition condition,
            boolean continueOnError,
            Optional<Duration> timeout,
            Optional<String> shell,
            Optional<String> workingDirectory,
            List<String> secrets,
            List<Map<String, Binding>> bindings) {

        /** In bash, in the workspace, after steps that went well. */
        public static final Settings NONE = new Settings(
                Condition.NONE, false, Optional.empty(), Optional.empty(), Optional.empty(), List.of(), List.of());

        public Settings {
            Objects.requireNonNull(condition, "condition");
            timeout = timeout == null ? Optional.empty() : timeout;
            shell = shell == null ? Optional.empty() : shell;
            workingDirectory = workingDirectory == null ? Optional.empty() : workingDirectory;
            secrets = secrets == null ? List.of() : List.copyOf(secrets);
            bindings = bindings == null
                    ? List.of()
                    : bindings.stream().map(Ordered::copy).toList();
        }
    }

    public Step {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(run, "run");
        env = Ordered.copy(env);
        settings = settings == null ? Settings.NONE : settings;
    }

    /** A step without settings. */
    public Step(String name, String run, Map<String, String> env) {
        this(name, run, env, Settings.NONE);
    }
}
