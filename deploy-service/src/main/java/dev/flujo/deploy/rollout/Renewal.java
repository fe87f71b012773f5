package dev.flujo.deploy.rollout;

import dev.flujo.deploy.Target;
import dev.flujo.deploy.Target.Condition;
import dev.flujo.deploy.Target.Share;
import dev.flujo.deploy.Target.Version;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;

/**
 * Replaces the replicas of a version that serves, with one more of them meanwhile, so that users notice nothing. Done again after a
 * crash, it goes on with those that are left.
 */
record Renewal(Version version, Target target, Pace pace) {

    /** Returns why it was not brought to its end, if it was not. */
    Optional<String> go() throws IOException, InterruptedException {
        if (target.rolls(version)) {
            target.renew(version);
            return awaitReady();
        }
        int replicas = Sides.settings(version).replicas();
        target.scale(version, replicas + 1);
        Optional<String> trouble = awaitReady();
        if (trouble.isPresent()) {
            target.scale(version, replicas);
            return trouble;
        }
        route();
        while (target.renew(version)) {
            trouble = awaitReady();
            if (trouble.isPresent()) {
                return trouble;
            }
            route();
        }
        target.scale(version, replicas);
        return Optional.empty();
    }

    private void route() throws IOException {
        target.route(version, List.of(new Share(version.deployment(), 100)));
    }

    private Optional<String> awaitReady() throws IOException, InterruptedException {
        Duration patience = version.work().job().deploy().orElseThrow().health().timeout();
        Instant end = pace.now().plus(patience);
        Semaphore nobody = new Semaphore(0);
        while (true) {
            Condition condition = target.condition(version);
            if (condition.allReady()) {
                return Optional.empty();
            }
            if (condition.broken().isPresent()) {
                return condition.broken();
            }
            if (pace.now().isAfter(end)) {
                return Optional.of("its replicas were not ready within " + patience.toSeconds() + " s; last words: "
                        + condition.lastWords());
            }
            pace.pause(nobody);
        }
    }
}
