package dev.flujo.pipeline.store;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/**
 * Questions, for whose answers somebody waits, go before what the history has to catch up with: a write begins when no question
 * is open, or when it has waited for so long that it would never get its turn.
 */
final class Precedence {

    private final Duration patience;
    private int questions;
    private List<CompletableFuture<Void>> waiting = new ArrayList<>();

    /** @param patience how long a write waits at most */
    Precedence(Duration patience) {
        this.patience = patience;
    }

    /** A question begins, and is open until this is answered. */
    <T> CompletionStage<T> during(CompletionStage<T> answer) {
        synchronized (this) {
            questions++;
        }
        return answer.whenComplete((done, failure) -> answered());
    }

    /** Completes when a write may begin. */
    CompletionStage<Void> turn() {
        synchronized (this) {
            if (questions == 0) {
                return CompletableFuture.completedFuture(null);
            }
            CompletableFuture<Void> turn = new CompletableFuture<>();
            waiting.add(turn);
            return turn.completeOnTimeout(null, patience.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private void answered() {
        List<CompletableFuture<Void>> next;
        synchronized (this) {
            questions--;
            if (questions > 0) {
                return;
            }
            next = waiting;
            waiting = new ArrayList<>();
        }
        next.forEach(turn -> turn.complete(null));
    }
}
