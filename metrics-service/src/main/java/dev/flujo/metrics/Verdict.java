package dev.flujo.metrics;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** A deployment and what became of it: why it counts as failed, when that was over, why it counts as rework. */
public record Verdict(Deployment deployment, List<Reason> failures, Optional<Recovery> recovery, List<Reason> rework) {

    /** A word for why, and the event that says so. */
    public record Reason(String why, String eventId) {

        public Reason {
            Objects.requireNonNull(why, "why");
            Objects.requireNonNull(eventId, "eventId");
        }
    }

    /** The first moment at which the failure was over, and the event that ended it. */
    public record Recovery(Instant at, String how, String eventId) {

        public Recovery {
            Objects.requireNonNull(at, "at");
            Objects.requireNonNull(how, "how");
            Objects.requireNonNull(eventId, "eventId");
        }
    }

    public Verdict {
        Objects.requireNonNull(deployment, "deployment");
        Objects.requireNonNull(recovery, "recovery");
        failures = List.copyOf(failures);
        rework = List.copyOf(rework);
    }

    public boolean failed() {
        return !failures.isEmpty();
    }

    /** From serving to recovery. */
    public Optional<Duration> recoveryTime() {
        return recovery.map(end -> Duration.between(deployment.servingSince(), end.at()));
    }
}
