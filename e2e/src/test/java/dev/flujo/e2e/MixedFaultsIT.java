package dev.flujo.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.flujo.stack.Await;
import dev.flujo.stack.LocalStack;
import dev.flujo.stack.ServiceMember;
import dev.flujo.stack.TestServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Every fault that a machine can be given, one after the other at random, under load, with cancellations in between.
 * {@code -Dflujo.mixed.minutes} and {@code -Dflujo.mixed.rate} say how long and at how many runs a second; {@code -Dflujo.seed}
 * repeats a run.
 */
@Tag("nightly")
class MixedFaultsIT {

    private static final long SEED = Long.getLong("flujo.seed", 20261129L);
    private static final double MINUTES = Double.parseDouble(System.getProperty("flujo.mixed.minutes", "30"));
    private static final int RATE = Integer.getInteger("flujo.mixed.rate", 5);
    private static final double CANCELLED = 0.05;
    private static final Duration TO_END = Duration.ofMinutes(5).plusSeconds((long) (MINUTES * 60));
    private static final Duration TO_ANSWER = Duration.ofMinutes(3);

    private final SharedStack shared = SharedStack.get();
    private final LocalStack stack = shared.stack();
    private final Client client = new Client(stack.url(), stack.adminToken());
    private final String project = "p" + UUID.randomUUID().toString().substring(0, 8);
    private final Witness witness = new Witness(shared.outside().resolve(project + ".witness"));
    private final List<String> runs = Collections.synchronizedList(new ArrayList<>());
    private final Set<String> cancelled = ConcurrentHashMap.newKeySet();
    private final Arrivals load = new Arrivals();
    private final Random random = new Random(SEED);

    @AfterEach
    void end() {
        load.close();
    }

    @Test
    void nothingIsLostOrDoubledWhateverHappens() {
        System.out.println("seed " + SEED + " (-Dflujo.seed=" + SEED + " repeats this run)");
        client.submit(
                project,
                "main",
                "",
                """
                name: main
                on: manual
                env: {WITNESS: "%s"}
                jobs:
                  first: {steps: [{run: '%s'}, {run: 'sleep 0.%d'}]}
                  second: {needs: first, steps: [{run: '%s'}]}
                """
                        .formatted(
                                witness.file(),
                                Witness.command("begun"),
                                1 + random.nextInt(4),
                                Witness.command("ended")));
        Random chance = new Random(SEED + 1);
        load.begin(RATE, () -> {
            boolean cancel = chance.nextDouble() < CANCELLED;
            int after = chance.nextInt(2000);
            return () -> begin(cancel, after);
        });
        Map<String, Integer> faults = new TreeMap<>();
        long until = System.nanoTime() + (long) (MINUTES * 60_000_000_000L);
        while (System.nanoTime() < until) {
            faults.merge(disturb(), 1, Integer::sum);
            pause(3000);
        }
        load.end(TO_END);

        endWell();
        System.out.printf("%d runs, %d cancelled, faults %s, seed %d%n", runs.size(), cancelled.size(), faults, SEED);
    }

    private void begin(boolean cancel, long after) {
        String run = client.start(project, "main", "{\"branch\":\"main\"}");
        runs.add(run);
        if (cancel) {
            LockSupport.parkNanos(Duration.ofMillis(after).toNanos());
            int answer = client.status("POST", "/api/v1/runs/" + run + "/cancel", "");
            assertTrue(Set.of(202, 404, 409).contains(answer), () -> "answer to a cancellation: " + answer);
            cancelled.add(run);
        }
    }

    private String disturb() {
        return switch (random.nextInt(10)) {
            case 0 -> killed("pipeline-service");
            case 1 -> killed("build-runner");
            case 2 -> killed(random.nextBoolean() ? "deploy-service" : "metrics-service");
            case 3 -> frozen("pipeline-service");
            case 4 -> replaced("build-runner");
            case 5 -> gone("kafka", stack.kafka(), 20_000);
            case 6 -> gone("cassandra", stack.cassandra(), 40_000);
            case 7 -> {
                Freezer.freeze(stack.kafka().process(), millis(20_000));
                yield "kafka frozen";
            }
            case 8 -> {
                Freezer.freeze(stack.cassandra().process(), millis(30_000));
                yield "cassandra frozen";
            }
            default -> forgetful(random.nextBoolean());
        };
    }

    private String killed(String service) {
        stack.service(service).process().kill();
        return started(service, "killed");
    }

    private String replaced(String service) {
        stack.service(service).process().stop(Duration.ofSeconds(40));
        return started(service, "replaced");
    }

    private String frozen(String service) {
        Freezer.freeze(stack.service(service).process(), millis(12_000));
        awaitReady(stack.service(service));
        return service + " frozen";
    }

    private String started(String service, String how) {
        stack.service(service).start();
        awaitReady(stack.service(service));
        return service + " " + how;
    }

    private String gone(String name, TestServer server, int most) {
        server.kill();
        pause(most);
        server.start();
        server.awaitReady();
        return name + " killed";
    }

    /** The services come back and begin to read at the beginning of everything, or where nobody has read before. */
    private String forgetful(boolean forget) {
        for (String service : List.of("pipeline-service", "build-runner")) {
            stack.service(service).process().stop(Duration.ofSeconds(40));
        }
        try (ConsumerGroups groups = new ConsumerGroups(stack.kafka().bootstrapServers())) {
            // Who did not end in time was killed, and is a member for a while.
            assertTrue(
                    Await.until(TO_ANSWER, () -> (forget ? groups.forget() : groups.toTheBeginning()) > 0),
                    "groups without members");
        }
        for (String service : List.of("pipeline-service", "build-runner")) {
            stack.service(service).start();
            awaitReady(stack.service(service));
        }
        return forget ? "groups forgotten" : "groups begin again";
    }

    /** While Cassandra comes back, or all is read again, a service may take longer than usual. */
    private static void awaitReady(ServiceMember service) {
        assertTrue(
                Await.until(TO_ANSWER, service::ready),
                () -> "Expected " + service.process().name() + " to get ready: "
                        + service.process().lastLines(20));
    }

    private void endWell() {
        Invariants invariants = new Invariants(client);
        invariants.allDifferent(runs);
        Map<String, String> outcomes = invariants.allEnd(runs, TO_END);
        Map<String, Map<String, Long>> marks = witness.marks();
        int again = 0;
        for (String run : runs) {
            invariants.historyIsWhole(run);
            if (cancelled.contains(run)) {
                assertTrue(Set.of("SUCCEEDED", "CANCELLED").contains(outcomes.get(run)), run + " " + outcomes.get(run));
                continue;
            }
            assertEquals("SUCCEEDED", outcomes.get(run), "outcome of " + run);
            Map<String, Long> executed = marks.getOrDefault(run, Map.of());
            assertEquals(Set.of("begun", "ended"), executed.keySet(), "executions of " + run);
            again += executed.values().stream().anyMatch(times -> times > 1) ? 1 : 0;
        }
        assertEquals(Set.of(), witness.repeated(), "attempts that were executed twice");
        System.out.printf("%d runs had a further attempt, after one whose runner was lost%n", again);
        new RunLogs(stack.kafka().bootstrapServers()).areWhole(runs, project);
        assertEquals(List.of(), Leftovers.ofRuns(runs), "processes that outlived their runs");
    }

    private Duration millis(int most) {
        return Duration.ofMillis(1000 + random.nextInt(most - 1000));
    }

    private void pause(int most) {
        LockSupport.parkNanos(millis(most).toNanos());
    }
}
