package dev.flujo.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.flujo.stack.Await;
import dev.flujo.stack.LocalStack;
import dev.flujo.stack.ServiceMember;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A step that takes much longer than a consumer may take for a record: what is assigned is not handled until its jobs end. */
@Tag("nightly")
class LongStepIT {

    private static final Duration TO_END = Duration.ofMinutes(4);
    private static final String SERVICE = "build-runner";
    private static final int STEP_SECONDS = 60;
    private static final Map<String, String> IMPATIENT = Map.of(
            "MP_MESSAGING_INCOMING_ASSIGNMENTS_THROTTLED_UNPROCESSED_RECORD_MAX_AGE_MS", "6000",
            "KAFKA_MAX_POLL_INTERVAL_MS", "10000");

    private final SharedStack shared = SharedStack.get();
    private final LocalStack stack = shared.stack();
    private final Client client = new Client(stack.url(), stack.adminToken());
    private final Invariants invariants = new Invariants(client);
    private final String project = "p" + UUID.randomUUID().toString().substring(0, 8);
    private final Witness witness = new Witness(shared.outside().resolve(project + ".witness"));
    private final ServiceMember impatient = shared.with(SERVICE, IMPATIENT).service(SERVICE);

    @BeforeEach
    void begin() {
        stack.service(SERVICE).process().stop(Duration.ofSeconds(20));
        impatient.start();
        impatient.awaitReady();
    }

    @AfterEach
    void end() {
        impatient.process().stop(Duration.ofSeconds(20));
        stack.service(SERVICE).start();
        stack.service(SERVICE).awaitReady();
    }

    @Test
    void aLongStepHoldsUpNoOtherJobAndEndsNoConsumer() {
        client.submit(project, "long", "", witness.twoJobs(STEP_SECONDS).replace("name: main", "name: long"));
        client.submit(project, "short", "", witness.twoJobs(0).replace("name: main", "name: short"));
        List<String> runs = new ArrayList<>(List.of(client.start(project, "long", "{\"branch\":\"main\"}")));
        String longest = runs.get(0);
        assertTrue(Await.until(TO_END, () -> client.state(longest).equals(Optional.of("RUNNING"))));

        while (witness.marksOf(longest).isEmpty()) {
            String run = client.start(project, "short", "{\"branch\":\"main\"}");
            runs.add(run);
            assertEquals(Map.of(run, "SUCCEEDED"), invariants.allEnd(List.of(run), TO_END));
            assertTrue(impatient.live() && impatient.ready(), "the runner is alive and ready");
        }

        Map<String, String> outcomes = invariants.allEnd(runs, TO_END);
        for (String run : runs) {
            assertEquals("SUCCEEDED", outcomes.get(run), "outcome of " + run);
            assertEquals(Map.of("begun", 1L, "ended", 1L), witness.marksOf(run), "executions of " + run);
        }
        assertTrue(runs.size() > 5, runs.size() + " runs beside the long one");
    }
}
