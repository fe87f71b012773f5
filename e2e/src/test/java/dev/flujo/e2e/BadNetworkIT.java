package dev.flujo.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.flujo.event.JobEvent.JobLost;
import dev.flujo.event.Topic;
import dev.flujo.stack.Await;
import dev.flujo.stack.LocalStack;
import dev.flujo.stack.TestLog;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The pipeline-service reaches Kafka and Cassandra over a bad network: slow, or one that loses answers. {@code
 * -Dflujo.network.runs}, {@code -Dflujo.network.seconds}, {@code -Dflujo.network.slots} and {@code -Dflujo.network.users} say
 * how many runs there are, how long each of their jobs takes, and how many are executed and asked for at the same time.
 */
@Tag("nightly")
class BadNetworkIT {

    private static final long SEED = Long.getLong("flujo.seed", 20261130L);
    private static final int RUNS = Integer.getInteger("flujo.network.runs", 1600);
    private static final int WARM_UP = 40;
    private static final int SECONDS = Integer.getInteger("flujo.network.seconds", 1);
    private static final Duration ONE_WAY = Duration.ofMillis(100);
    private static final double LOST = 0.05;
    private static final int AT_ONCE = Integer.getInteger("flujo.network.users", 192);
    private static final Duration TO_END = Duration.ofMinutes(4);
    private static final String SERVICE = "pipeline-service";
    private static final String RUNNER = "build-runner";

    private static final double LEAST_THROUGHPUT = 0.5;

    /** As many as the journeys need: a slot that is handed on costs those of three transactions, some three seconds. */
    private static final Map<String, String> SLOTS =
            Map.of("FLUJO_RUNNER_SLOTS", System.getProperty("flujo.network.slots", "192"));

    private final SharedStack shared = SharedStack.get();
    private final LocalStack stack = shared.stack();
    private final Client client = new Client(stack.url(), stack.adminToken());
    private final Invariants invariants = new Invariants(client);
    private final String project = "p" + UUID.randomUUID().toString().substring(0, 8);
    private final Witness witness = new Witness(shared.outside().resolve(project + ".witness"));
    private final List<String> runs = Collections.synchronizedList(new ArrayList<>());
    private final Detour kafka = shared.detourToKafka();
    private final Detour cassandra = Detour.to(stack.ports().of("cassandra"));

    @BeforeEach
    void begin() {
        System.out.println("seed " + SEED + " (-Dflujo.seed=" + SEED + " repeats this run)");
        shared.replace(RUNNER, shared.with(RUNNER, SLOTS));
        shared.replace(
                SERVICE,
                shared.with(
                        SERVICE,
                        Map.of(
                                "KAFKA_BOOTSTRAP_SERVERS", kafka.address(),
                                "QUARKUS_CASSANDRA_CONTACT_POINTS", cassandra.address())));
        client.submit(project, "main", "", witness.twoJobs(SECONDS));
    }

    @AfterEach
    void end() {
        kafka.close();
        cassandra.close();
        shared.replace(SERVICE, stack);
        shared.replace(RUNNER, stack);
    }

    @Test
    void whatTakesLongIsNotLost() {
        load(WARM_UP);
        Duration near = load(RUNS / 2);
        kafka.delay(ONE_WAY);
        cassandra.delay(ONE_WAY);
        Duration far = load(RUNS / 2);
        kafka.delay(Duration.ZERO);
        cassandra.delay(Duration.ZERO);

        endWell();
        double left = (double) near.toMillis() / far.toMillis();
        System.out.printf(
                "%d runs took %.1f s, and %.1f s with %d ms more each way: %.0f %% of the throughput%n",
                RUNS / 2, near.toMillis() / 1000.0, far.toMillis() / 1000.0, ONE_WAY.toMillis(), 100 * left);
        assertTrue(left >= LEAST_THROUGHPUT, () -> left + " of the throughput is left");
    }

    @Test
    void whatIsDoneWithoutAnAnswerIsNotDoneAgain() {
        kafka.loseAnswers(chance(SEED));
        cassandra.loseAnswers(chance(SEED + 1));
        Duration took = load(RUNS / 8);
        kafka.loseAnswers(() -> false);
        cassandra.loseAnswers(() -> false);

        endWell();
        assertTrue(kafka.cut() > 0 && cassandra.cut() > 0, "answers are lost");
        System.out.printf(
                "%d runs took %.1f s, while %d answers of Kafka and %d of Cassandra were lost, seed %d%n",
                RUNS / 8, took.toMillis() / 1000.0, kafka.cut(), cassandra.cut(), SEED);
    }

    private static BooleanSupplier chance(long seed) {
        Random random = new Random(seed);
        return () -> random.nextDouble() < LOST;
    }

    /** Starts so many runs, a few at once; gives how long it took until all had ended. */
    private Duration load(int count) {
        long began = System.nanoTime();
        ExecutorService users = Executors.newFixedThreadPool(AT_ONCE);
        List<String> started = Collections.synchronizedList(new ArrayList<>());
        for (int i = 0; i < count; i++) {
            users.execute(() -> started.add(client.start(project, "main", "{\"branch\":\"main\"}")));
        }
        users.shutdown();
        try {
            assertTrue(users.awaitTermination(TO_END.toSeconds(), TimeUnit.SECONDS), "every request is accepted");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
        assertEquals(count, started.size(), "every request is accepted");
        runs.addAll(started);
        assertTrue(Await.until(TO_END, () -> marks("ended") >= runs.size()), "every run is executed");
        return Duration.ofNanos(System.nanoTime() - began);
    }

    private long marks(String mark) {
        return witness.lines().stream()
                .filter(line -> line.endsWith(" " + mark))
                .count();
    }

    /** Every run has ended well, in one attempt of each job, and has a whole history. */
    private void endWell() {
        invariants.allDifferent(runs);
        Map<String, String> outcomes = invariants.allEnd(runs, TO_END);
        Map<String, Map<String, Long>> marks = witness.marks();
        for (String run : runs) {
            assertEquals("SUCCEEDED", outcomes.get(run), "outcome of " + run);
            invariants.historyIsWhole(run);
            assertEquals(Map.of("begun", 1L, "ended", 1L), marks.get(run), "executions of " + run);
        }
        try (TestLog log = new TestLog(stack.kafka().bootstrapServers())) {
            long lost = log.events(Topic.POOL_FACTS).stream()
                    .filter(fact ->
                            fact.event() instanceof JobLost e && e.project().equals(project))
                    .count();
            assertEquals(0, lost, "attempts whose runner was given up");
        }
        new RunLogs(stack.kafka().bootstrapServers()).areWhole(runs, project);
        assertEquals(List.of(), Leftovers.ofRuns(runs), "processes that outlived their runs");
    }
}
