package dev.flujo.core.run;

import dev.flujo.event.Claim;
import dev.flujo.event.LockEvent.LockRequested;
import dev.flujo.event.plan.Concurrency;
import java.time.Instant;
import java.util.Optional;

/**
 * A lock that a run or one of its jobs needs, with what its concurrency group says if it is one, or with how old what it works
 * on is where it is an environment.
 */
record LockWish(String lock, Optional<Concurrency> group, Optional<Instant> age) {

    private static final String ENVIRONMENT = "environment:";
    private static final String GROUP = "group:";

    static LockWish of(Concurrency group) {
        return new LockWish(GROUP + group.group(), Optional.of(group), Optional.empty());
    }

    static LockWish ofEnvironment(String name, Optional<Instant> age) {
        return new LockWish(ENVIRONMENT + name, Optional.empty(), age);
    }

    LockRequested of(String project, Claim claim) {
        return new LockRequested(project, lock, claim.run(), claim.attempt(), group, age);
    }
}
