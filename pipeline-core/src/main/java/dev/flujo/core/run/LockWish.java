package dev.flujo.core.run;

import dev.flujo.event.plan.Concurrency;
import java.util.Optional;

/** A lock that a run or one of its jobs needs, with what its concurrency group says if it is one. */
record LockWish(String lock, Optional<Concurrency> group) {

    private static final String ENVIRONMENT = "environment:";
    private static final String GROUP = "group:";

    static LockWish of(Concurrency group) {
        return new LockWish(GROUP + group.group(), Optional.of(group));
    }

    static LockWish ofEnvironment(String name) {
        return new LockWish(ENVIRONMENT + name, Optional.empty());
    }
}
