package dev.flujo.event;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

/** What applications are given besides their artifacts: the settings and secrets of their environment, never their values. */
public sealed interface ConfigEvent extends Event {

    /**
     * A deployment has been given these settings and secrets of its environment. Told once for the same ones.
     *
     * @param run the run that brought the deployment
     * @param items all that it has since, by name
     */
    record ConfigGiven(String project, String environment, UUID deployment, UUID run, List<Item> items, Instant at)
            implements ConfigEvent {

        public ConfigGiven {
            Objects.requireNonNull(project, "project");
            Objects.requireNonNull(environment, "environment");
            Objects.requireNonNull(deployment, "deployment");
            Objects.requireNonNull(run, "run");
            Objects.requireNonNull(at, "at");
            items = List.copyOf(items);
        }

        @Override
        public String subject() {
            return project + "/" + environment;
        }
    }

    /**
     * One setting or secret.
     *
     * @param secret whether its value is never shown
     * @param former the version before, where it can still be read beside this one
     */
    record Item(String name, boolean secret, int version, Optional<Integer> former) {

        public Item {
            Objects.requireNonNull(name, "name");
            former = former == null ? Optional.empty() : former;
        }
    }
}
