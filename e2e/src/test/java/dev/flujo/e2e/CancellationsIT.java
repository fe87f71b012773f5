package dev.flujo.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.flujo.stack.LocalStack;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Runs that are cancelled at any moment of their lives, {@code -Dflujo.cancellations} of them: each comes to one end, soon, and
 * nothing of it goes on.
 */
@Tag("nightly")
class CancellationsIT {

    private static final long SEED = Long.getLong("flujo.seed", 20261201L);
    private static final int RUNS = Integer.getInteger("flujo.cancellations", 500);
    private static final int RATE = 10;
    private static final int LIFE_MILLIS = 4000;
    private static final Duration SOON = Duration.ofSeconds(15);
    private static final Duration TO_END = Duration.ofMinutes(3);
    private static final String RUNNER = "build-runner";

    private final SharedStack shared = SharedStack.get();
    private final LocalStack stack = shared.stack();
    private final Client client = new Client(stack.url(), stack.adminToken());
    private final Invariants invariants = new Invariants(client);
    private final String project = "p" + UUID.randomUUID().toString().substring(0, 8);
    private final Map<String, Instant> cancelled = new ConcurrentHashMap<>();
    private final Arrivals users = new Arrivals();

    @BeforeEach
    void begin() {
        System.out.println("seed " + SEED + " (-Dflujo.seed=" + SEED + " repeats this run)");
        shared.replace(RUNNER, shared.with(RUNNER, Map.of("FLUJO_RUNNER_SLOTS", "64")));
    }

    @AfterEach
    void end() {
        users.close();
        shared.replace(RUNNER, stack);
    }

    @Test
    void eachRunComesToOneEndSoon() {
        client.submit(
                project,
                "main",
                "",
                """
                name: main
                on: manual
                jobs:
                  first: {steps: [{run: "sleep 1"}, {run: "trap '' TERM; sleep 1"}]}
                  second: {needs: first, steps: [{run: "setsid sleep 60 & sleep 1"}]}
                """);
        Random random = new Random(SEED);
        List<Integer> moments = new ArrayList<>();
        while (moments.size() < RUNS) {
            moments.add(random.nextInt(LIFE_MILLIS));
        }
        users.begin(RATE, () -> {
            int after = moments.isEmpty() ? -1 : moments.remove(0);
            return () -> cancelAfter(after);
        });
        while (cancelled.size() < RUNS) {
            LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
        }
        users.end(TO_END);

        Map<String, String> outcomes = invariants.allEnd(cancelled.keySet(), TO_END);
        Map<String, Integer> ends = new TreeMap<>();
        Duration longest = Duration.ZERO;
        for (Map.Entry<String, Instant> run : cancelled.entrySet()) {
            ends.merge(outcomes.get(run.getKey()), 1, Integer::sum);
            longest = longest(longest, run.getKey(), run.getValue());
        }
        assertEquals(Set.of("CANCELLED", "SUCCEEDED"), ends.keySet(), ends.toString());
        assertTrue(longest.compareTo(SOON) <= 0, "from a cancellation to the end of its run: " + longest);
        assertEquals(List.of(), Leftovers.ofRuns(cancelled.keySet()), "processes that outlived their runs");
        System.out.printf(
                "%d cancellations, %s, the longest took %d ms, seed %d%n", RUNS, ends, longest.toMillis(), SEED);
    }

    private void cancelAfter(int millis) {
        if (millis < 0) {
            return;
        }
        String run = client.start(project, "main", "{\"branch\":\"main\"}");
        LockSupport.parkNanos(Duration.ofMillis(millis).toNanos());
        int answer = client.status("POST", "/api/v1/runs/" + run + "/cancel", "");
        assertTrue(Set.of(202, 409).contains(answer), () -> "answer to a cancellation: " + answer);
        cancelled.put(run, Instant.now());
    }

    private Duration longest(Duration before, String run, Instant cancellation) {
        invariants.historyIsWhole(run);
        List<JsonNode> events = client.events(run);
        assertEquals(1, Invariants.count(events, "dev.cdevents.pipelinerun.finished."), "ends of " + run);
        Instant finished = Instant.parse(client.get("/api/v1/runs/" + run)
                .orElseThrow()
                .path("finishedAt")
                .asText());
        Duration took = Duration.between(cancellation, finished);
        return took.compareTo(before) > 0 ? took : before;
    }
}
