package dev.flujo.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.flujo.stack.Await;
import dev.flujo.stack.Checkout;
import dev.flujo.stack.LocalStack;
import dev.flujo.stack.Ports;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The services of the release before this one are replaced by these under load, one after the other, on the same topics,
 * tables and state; then these by those, and again. {@code -Dflujo.previous} names a built checkout of that release.
 */
@Tag("nightly")
class UpgradeIT {

    private static final String PREVIOUS = System.getProperty("flujo.previous");
    private static final int RATE = 3;
    private static final Duration TO_END = Duration.ofMinutes(5);

    @TempDir
    private Path directory;

    private final Ports ports = Ports.free();
    private final String project = "p" + UUID.randomUUID().toString().substring(0, 8);
    private final List<String> runs = Collections.synchronizedList(new ArrayList<>());
    private final Arrivals load = new Arrivals();
    private final String secret = "canary+" + UUID.randomUUID() + "/?";
    private Witness witness;
    private LocalStack before;
    private LocalStack now;
    private Client client;

    @BeforeEach
    void begin() {
        assumeTrue(
                PREVIOUS != null,
                "Expected -Dflujo.previous=<directory> with the release before this one, built by mvn -DskipTests package");
        before = new LocalStack(new Checkout(Path.of(PREVIOUS)), directory.resolve("stack"), ports, Map.of());
        now = new LocalStack(Checkout.find(), directory.resolve("stack"), ports, Map.of());
        before.start(LocalStack.Progress.silent());
        witness = new Witness(directory.resolve("witness"));
        client = new Client(before.url(), before.adminToken());
        Canary.print(secret, before);
    }

    @AfterEach
    void end() {
        load.close();
        if (before != null) {
            before.stop(LocalStack.Progress.silent());
        }
    }

    @Test
    void nothingIsLostOrDoubledOnTheWayToThisReleaseAndBack() throws IOException {
        submit(
                "main",
                "  first: {steps: [{run: '%1$s'}, {run: 'sleep 0.3'}]}\n  second: {needs: first, steps: [{run: '%2$s'}]}\n");
        submit("asking", "  first: {approval: {expires: 1h}, steps: [{run: '%1$s'}, {run: '%2$s'}]}\n");
        submit(
                "wide",
                IntStream.range(0, 40)
                                .mapToObj(job -> "  job" + job + ": {steps: [{run: 'sleep 1'}]}\n")
                                .collect(Collectors.joining())
                        + "  last: {steps: [{run: '%1$s'}, {run: '%2$s'}]}\n");
        runs.add(start("asking"));
        runs.add(start("wide"));
        load.begin(RATE, () -> () -> runs.add(start("main")));
        awaitMore();

        replace(before, now);
        awaitMore();
        // The release before this one does not know how jobs of big runs are kept now.
        new Invariants(client).allEnd(List.of(runs.get(1)), TO_END);
        replace(now, before);
        awaitMore();
        replace(before, now);
        awaitMore();

        load.end(TO_END);
        String asking = runs.get(0);
        assertEquals(202, client.as("eve").status("POST", "/api/v1/runs/" + asking + "/jobs/first/approve", "{}"));
        endWell();
        assertEquals(
                List.of(),
                new Canary(List.of(secret)).foundIn(now, List.of(now.home().resolve("blobs"))),
                "places of the secret");
        System.out.println(runs.size() + " runs while three times all services were replaced");
    }

    private void submit(String pipeline, String jobs) {
        String yaml = "name: " + pipeline + "\non: manual\nenv: {WITNESS: \"" + witness.file() + "\"}\njobs:\n"
                + String.format(jobs, Witness.command("begun"), Witness.command("ended"));
        client.submit(project, pipeline, "", yaml);
    }

    private String start(String pipeline) {
        return client.start(project, pipeline, "{\"branch\":\"main\"}");
    }

    /** Runs go on with the services as they are now. */
    private void awaitMore() {
        int ended = witness.lines().size();
        assertTrue(Await.until(TO_END, () -> witness.lines().size() > ended + 20), "runs go on");
    }

    private static void replace(LocalStack old, LocalStack fresh) {
        for (String service : LocalStack.SERVICES) {
            old.service(service).process().stop(Duration.ofSeconds(40));
            fresh.service(service).start();
            fresh.service(service).awaitReady();
        }
    }

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
        RunLogs logs = new RunLogs(now.kafka().bootstrapServers());
        logs.areWhole(runs, project);
        assertEquals(0, logs.deadLetters(), "dead letters");
        assertEquals(List.of(), Leftovers.ofRuns(runs), "processes that outlived their runs");
    }
}
