package dev.flujo.deploy.rollout;

import dev.flujo.deploy.Environment;
import dev.flujo.deploy.Target.Version;
import dev.flujo.event.plan.Deploy;
import java.util.Optional;
import java.util.UUID;

/** The versions between which the traffic moves. */
record Sides(Version fresh, Optional<Version> old) {

    Environment environment() {
        return fresh.environment();
    }

    Optional<UUID> before() {
        return old.map(Version::deployment);
    }

    /** What a version's own deployment says of how it is brought out. */
    static Deploy.Rollout settings(Version version) {
        return version.work().job().deploy().orElseThrow().rollout();
    }
}
