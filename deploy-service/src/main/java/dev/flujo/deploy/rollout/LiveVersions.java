package dev.flujo.deploy.rollout;

import dev.flujo.deploy.Environment;
import dev.flujo.deploy.Target;
import dev.flujo.deploy.Target.Version;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** The versions that have replicas besides those that serve: what is on its way, and what is kept warm. */
record LiveVersions(Path root, Target target, DriftWatch watch, Map<Environment, Walk> walks, WarmVersions warm) {

    List<Environment> environments() throws IOException {
        return watch.environments();
    }

    List<Version> besideWhatServes(Environment environment) throws IOException {
        List<Version> versions = new ArrayList<>();
        Optional.ofNullable(walks.get(environment)).map(Walk::fresh).ifPresent(versions::addAll);
        Optional<UUID> kept = warm.warm(environment);
        if (kept.isPresent()) {
            Journal.of(root, environment, kept.get())
                    .work()
                    .map(work -> Legs.each(new Version(kept.get(), work, 0), target))
                    .ifPresent(versions::addAll);
        }
        return versions;
    }
}
