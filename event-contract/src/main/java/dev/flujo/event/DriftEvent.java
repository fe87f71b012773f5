package dev.flujo.event;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

/** That what runs in an environment is not what was applied there. */
public sealed interface DriftEvent extends Event {

    /**
     * Somebody else has changed what a deployment applied. Told once for the same differences.
     *
     * @param healed whether what was applied has been applied again
     * @param at when the differences were seen first
     */
    record DriftDetected(
            String project,
            String environment,
            UUID deployment,
            List<Difference> differences,
            boolean healed,
            Instant at)
            implements DriftEvent {

        public DriftDetected {
            Objects.requireNonNull(project, "project");
            Objects.requireNonNull(environment, "environment");
            Objects.requireNonNull(deployment, "deployment");
            Objects.requireNonNull(at, "at");
            differences = List.copyOf(differences);
        }

        @Override
        public String subject() {
            return project + "/" + environment;
        }
    }

    /**
     * One field that is not as it was applied.
     *
     * @param object such as {@code Deployment shop}
     * @param field such as {@code spec.replicas}
     * @param wanted what was applied; nothing where the field was not to be there
     * @param found what is there; nothing where the field is gone
     * @param manager who has changed it, as the target keeps account of it
     */
    record Difference(
            String object, String field, Optional<String> wanted, Optional<String> found, Optional<String> manager) {

        public Difference {
            Objects.requireNonNull(object, "object");
            Objects.requireNonNull(field, "field");
            wanted = wanted == null ? Optional.empty() : wanted;
            found = found == null ? Optional.empty() : found;
            manager = manager == null ? Optional.empty() : manager;
        }
    }
}
