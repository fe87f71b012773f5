package dev.flujo.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.flujo.stack.Await;
import dev.flujo.stack.LocalStack;
import dev.flujo.stack.ServiceMember;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A runner that nobody hears and that hears nobody, for {@code -Dflujo.cutoff.seconds}, while it executes a job that another one is
 * given meanwhile.
 */
@Tag("nightly")
class CutOffRunnerIT {

    private static final String RUNNER = "build-runner";
    private static final Duration CUT_OFF = Duration.ofSeconds(Integer.getInteger("flujo.cutoff.seconds", 300));

    /** Longer than a runner goes on without its lease, so that its own execution does not come to its end. */
    private static final int STEP_SECONDS = 30;

    private static final Duration TO_END = Duration.ofMinutes(3);

    private final SharedStack shared = SharedStack.get();
    private final LocalStack stack = shared.stack();
    private final Client client = new Client(stack.url(), stack.adminToken());
    private final Invariants invariants = new Invariants(client);
    private final String project = "p" + UUID.randomUUID().toString().substring(0, 8);
    private final Witness witness = new Witness(shared.outside().resolve(project + ".witness"));
    private final Detour kafka = shared.detourToKafka();
    private ServiceMember other;

    @BeforeEach
    void begin() {
        shared.replace(RUNNER, shared.with(RUNNER, Map.of("KAFKA_BOOTSTRAP_SERVERS", kafka.address())));
        Map<String, String> environment = new HashMap<>(shared.toFindBlobs());
        other = stack.replica(RUNNER, shared.outside().resolve(project + "-other"), Await.freePort(), environment);
    }

    @AfterEach
    void end() {
        other.process().stop(Duration.ofSeconds(40));
        kafka.close();
        shared.replace(RUNNER, stack);
    }

    @Test
    void whatItSaysAfterwardsCountsNoMore() {
        client.submit(
                project,
                "main",
                "",
                """
                name: main
                on: manual
                env: {WITNESS: "%s"}
                jobs:
                  a:
                    artifacts: {paths: [attempt]}
                    steps:
                      - {run: 'echo "$FLUJO_ATTEMPT" > attempt; echo "attempt $FLUJO_ATTEMPT"; %s; sleep %d; %s'}
                """
                        .formatted(witness.file(), Witness.command("begun"), STEP_SECONDS, Witness.command("ended")));
        String run = client.start(project, "main", "{\"branch\":\"main\"}");
        assertTrue(Await.until(TO_END, () -> marks().equals(List.of("1 begun"))), () -> "it begins " + marks());
        other.start();
        other.awaitReady();

        long heals = System.nanoTime() + CUT_OFF.toNanos();
        kafka.cutOff(true);
        assertEquals(Map.of(run, "SUCCEEDED"), invariants.allEnd(List.of(run), TO_END));
        while (System.nanoTime() < heals) {
            LockSupport.parkNanos(heals - System.nanoTime());
        }
        kafka.cutOff(false);
        executesAgain();

        assertEquals(List.of("1 begun", "2 begun", "2 ended"), marks(), "executions");
        invariants.historyIsWhole(run);
        List<JsonNode> events = client.events(run);
        assertEquals(1, Invariants.count(events, "dev.cdeventsx.flujo-job.lost."), "attempts that were given up");
        assertEquals(1, Invariants.count(events, "dev.cdevents.taskrun.finished."), "results");
        assertEquals(1, Invariants.count(events, "dev.cdevents.artifact.published."), "artifacts");
        assertEquals("attempt 2", firstLine(run));
        assertEquals(List.of(), Leftovers.ofRuns(List.of(run)), "processes that outlived their run");
    }

    /** The runner that was cut off is alone again, and takes jobs. */
    private void executesAgain() {
        other.process().stop(Duration.ofSeconds(40));
        client.submit(project, "again", "", "name: again\non: manual\njobs: {b: {steps: [\"true\"]}}\n");
        String run = client.start(project, "again", "{\"branch\":\"main\"}");
        assertEquals(Map.of(run, "SUCCEEDED"), invariants.allEnd(List.of(run), TO_END));
    }

    private List<String> marks() {
        List<String> marks = new ArrayList<>();
        for (String line : witness.lines()) {
            String[] words = line.split(" ", -1);
            marks.add(words[2] + " " + words[3]);
        }
        return marks;
    }

    private String firstLine(String run) {
        String path = "/api/v1/runs/" + run + "/jobs/a/log?limit=10";
        assertTrue(Await.until(
                TO_END, () -> !client.get(path).orElseThrow().path("items").isEmpty()));
        return client.get(path).orElseThrow().at("/items/0/text").asText();
    }
}
