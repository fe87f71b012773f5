package dev.flujo.deploy.rollout;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/** What a person says to a stage of a rollout: that it goes on to the next one, or back to the old version. */
public record Answer(boolean goOn, String by, Instant at, Optional<String> reason) {

    public Answer {
        Objects.requireNonNull(by, "by");
        Objects.requireNonNull(at, "at");
        reason = reason == null ? Optional.empty() : reason;
    }

    String sentence() {
        return (goOn ? "promoted by " : "aborted by ")
                + by
                + reason.map(text -> ": " + text).orElse("");
    }
}
