package dev.flujo.pipeline.orchestrator;

import dev.flujo.event.Attempt;
import java.time.Instant;

/** An attempt that waits for consent to work on an environment, by the lock of that, and how old what it works on is. */
record Approving(String project, String lock, Attempt attempt, Instant age) {

    String key() {
        return project + "/" + lock + "\n" + attempt.id();
    }
}
