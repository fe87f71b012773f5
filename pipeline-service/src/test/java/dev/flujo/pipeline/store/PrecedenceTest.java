package dev.flujo.pipeline.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class PrecedenceTest {

    private static final Duration LONG = Duration.ofHours(1);

    @Test
    void aWriteBeginsAtOnceWhereNobodyAsks() {
        assertTrue(new Precedence(LONG).turn().toCompletableFuture().isDone());
    }

    @Test
    void aWriteWaitsForEveryOpenQuestionAlsoForOneThatFails() {
        Precedence precedence = new Precedence(LONG);
        CompletableFuture<String> first = new CompletableFuture<>();
        CompletableFuture<String> second = new CompletableFuture<>();
        CompletableFuture<String> told = precedence.during(first).toCompletableFuture();
        precedence.during(second);
        CompletableFuture<Void> turn = precedence.turn().toCompletableFuture();

        first.complete("answer");

        assertEquals("answer", told.join());
        assertFalse(turn.isDone());

        second.completeExceptionally(new IllegalStateException("away"));

        assertTrue(turn.isDone());
        assertTrue(precedence.turn().toCompletableFuture().isDone());
    }

    @Test
    void aWriteGetsItsTurnWhereSomebodyAlwaysAsks() throws Exception {
        Precedence precedence = new Precedence(Duration.ofMillis(5));
        precedence.during(new CompletableFuture<>());

        precedence.turn().toCompletableFuture().get(1, TimeUnit.MINUTES);
    }
}
