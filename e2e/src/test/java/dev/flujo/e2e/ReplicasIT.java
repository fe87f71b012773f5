package dev.flujo.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.flujo.stack.Await;
import dev.flujo.stack.LocalStack;
import dev.flujo.stack.ServiceMember;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Several pipeline-services under load, killed, frozen and asked to end at random. {@code -Dflujo.replicas.minutes} and
 * {@code -Dflujo.replicas.rate} make it longer and harder; {@code -Dflujo.seed} repeats a run.
 */
class ReplicasIT {

    private static final long SEED = Long.getLong("flujo.seed", 20261129L);
    private static final double MINUTES = Double.parseDouble(System.getProperty("flujo.replicas.minutes", "0.6"));
    private static final int RATE = Integer.getInteger("flujo.replicas.rate", 4);
    private static final Duration TO_KNOW = Duration.ofSeconds(10);
    private static final Duration TO_END = Duration.ofMinutes(4).plusSeconds((long) (MINUTES * 60));

    private final SharedStack shared = SharedStack.get();
    private final LocalStack stack = shared.stack();
    private final String project = "p" + UUID.randomUUID().toString().substring(0, 8);
    private final Witness witness = new Witness(shared.outside().resolve(project + ".witness"));
    private final List<String> runs = Collections.synchronizedList(new ArrayList<>());
    private final Arrivals load = new Arrivals();
    private Replicas replicas;
    private Client client;

    /** How many there are. */
    int count() {
        return 3;
    }

    @BeforeEach
    void begin() {
        System.out.println("seed " + SEED + " (-Dflujo.seed=" + SEED + " repeats this run)");
        stack.service("pipeline-service").process().stop(Duration.ofSeconds(15));
        replicas = new Replicas(shared, count());
        replicas.start();
        client = new Client(replicas.urls(), stack.adminToken());
        client.submit(project, "main", "", witness.twoJobs(0));
    }

    @AfterEach
    void end() {
        load.close();
        replicas.end();
    }

    @Test
    void anyReplicaAnswersAlsoForWhatAnotherHasAccepted() {
        for (int i = 0; i < 9; i++) {
            String run = client.start(project, "main", "{\"branch\":\"main\"}");
            for (String url : replicas.urls()) {
                Client there = new Client(url, stack.adminToken());
                assertTrue(
                        Await.until(TO_KNOW, () -> there.state(run).isPresent()),
                        "the replica at " + url + " knows " + run);
            }
            runs.add(run);
        }

        endWell();
    }

    @Test
    void replicasKilledFrozenAndReplacedUnderLoad() {
        Random random = new Random(SEED);
        long until = System.nanoTime() + (long) (MINUTES * 60_000_000_000L);
        load.begin(RATE, () -> () -> runs.add(client.start(project, "main", "{\"branch\":\"main\"}")));
        int faults = 0;
        while (System.nanoTime() < until) {
            ServiceMember victim =
                    replicas.all().get(random.nextInt(replicas.all().size()));
            disturb(victim, random);
            faults++;
            pause(Duration.ofMillis(random.nextInt(3000)));
        }
        load.end(TO_END);

        endWell();
        System.out.printf("%d runs, %d faults, seed %d%n", runs.size(), faults, SEED);
    }

    /** What happens to it: a crash, a standstill of up to twelve seconds, or an upgrade. */
    private static void disturb(ServiceMember victim, Random random) {
        switch (random.nextInt(3)) {
            case 0 -> {
                victim.process().kill();
                victim.start();
            }
            case 1 -> {
                Freezer.freeze(victim.process(), Duration.ofMillis(1000 + random.nextInt(11_000)));
            }
            default -> {
                victim.process().stop(Duration.ofSeconds(20));
                victim.start();
            }
        }
        Replicas.awaitReady(victim);
    }

    /** Every request has one run, which ended well, was executed once, and has a whole history; nothing is left of it. */
    private void endWell() {
        Invariants invariants = new Invariants(client);
        invariants.allDifferent(runs);
        Map<String, String> outcomes = invariants.allEnd(runs, TO_END);
        Map<String, Map<String, Long>> marks = witness.marks();
        for (String run : runs) {
            assertEquals("SUCCEEDED", outcomes.get(run), "outcome of " + run);
            invariants.historyIsWhole(run);
            assertEquals(Map.of("begun", 1L, "ended", 1L), marks.get(run), "executions of " + run);
        }
        new RunLogs(stack.kafka().bootstrapServers()).areWhole(runs, project);
        assertEquals(List.of(), Leftovers.ofRuns(runs), "processes that outlived their runs");
    }

    private static void pause(Duration duration) {
        LockSupport.parkNanos(duration.toNanos());
    }
}
