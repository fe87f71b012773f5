package dev.flujo.event.plan;

import java.util.Objects;
import java.util.Optional;

/** What a job must pass before it starts. */
public record Gate(
        Condition condition,
        Optional<Environment> environment,
        Optional<Approval> approval,
        Optional<Concurrency> concurrency) {

    /** Nothing but what the job needs. */
    public static final Gate OPEN = new Gate(Condition.NONE, Optional.empty(), Optional.empty(), Optional.empty());

    public Gate {
        Objects.requireNonNull(condition, "condition");
        environment = environment == null ? Optional.empty() : environment;
        approval = approval == null ? Optional.empty() : approval;
        concurrency = concurrency == null ? Optional.empty() : concurrency;
    }
}
