package dev.flujo.deploy.rollout;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * How long an environment is there.
 *
 * @param last the deployment that came last
 * @param at when that was, by the steady clock
 * @param ttl how long after it the environment is taken down
 * @param request the pull request whose environment it is: only runs of that have deployed to it
 */
record Stay(UUID last, Instant at, Optional<Duration> ttl, Optional<Long> request) {

    Stay {
        ttl = ttl == null ? Optional.empty() : ttl;
        request = request == null ? Optional.empty() : request;
    }

    /** Whether it is there only for a time. */
    boolean temporary() {
        return ttl.isPresent() || request.isPresent();
    }

    Optional<Instant> until() {
        return ttl.map(at::plus);
    }

    Stay at(Instant when) {
        return new Stay(last, when, ttl, request);
    }
}
