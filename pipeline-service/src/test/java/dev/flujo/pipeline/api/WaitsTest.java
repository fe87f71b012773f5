package dev.flujo.pipeline.api;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.flujo.event.Attempt;
import dev.flujo.event.Envelope;
import dev.flujo.event.JobEvent.JobFinished;
import dev.flujo.event.Outcome;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class WaitsTest {

    private static final Instant NOW = Instant.parse("2026-11-24T10:00:00Z");
    private static final UUID RUN = new UUID(0, 1);

    @Test
    void saysOfAJobThatGaveWayWhatItWouldHaveWaitedForAndNothingOfOneThatFailed() {
        List<WaitView> told = Waits.gaveWay(List.of(
                finished("a", Optional.of("exit:1"), "step 'make' ended with exit code 1"),
                finished("b", Optional.of("circle"), "the job would wait for ever"),
                finished("c", Optional.empty(), "")));

        assertEquals(
                List.of(WaitView.of(Optional.of("b"), "circle", "the job would wait for ever")
                        .seenAt("/api/v1/runs/" + RUN + "/jobs/b")),
                told);
    }

    private static Envelope finished(String job, Optional<String> failure, String reason) {
        JobFinished event = new JobFinished(
                "shop",
                new Attempt(RUN, job, 1),
                "none",
                Outcome.FAILED,
                Optional.of(reason),
                Optional.empty(),
                0,
                NOW,
                failure,
                Optional.empty());
        return Envelope.of("event-" + job, URI.create("/test"), NOW, RUN, event);
    }
}
