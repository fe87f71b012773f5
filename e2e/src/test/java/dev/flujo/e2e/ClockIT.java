package dev.flujo.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.flujo.stack.Await;
import dev.flujo.stack.LocalStack;
import dev.flujo.stack.ServiceMember;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Somebody sets the clock of a machine while jobs run: forward by ninety seconds, by an hour, and back to the truth. No job ends
 * for it or begins again; a service whose clock went back is replaced, as Kubernetes would.
 */
@Tag("nightly")
class ClockIT {

    /** Kafka refuses what is more than an hour ahead of its own clock. */
    private static final Duration MOST = Duration.ofHours(1).minusSeconds(10);

    private static final Duration TO_END = Duration.ofMinutes(2);

    private static final ObjectMapper JSON = new ObjectMapper();

    private final SharedStack shared = SharedStack.get();
    private final LocalStack stack = shared.stack();
    private final Client client = new Client(stack.url(), stack.adminToken());
    private final Invariants invariants = new Invariants(client);
    private final String project = "p" + UUID.randomUUID().toString().substring(0, 8);
    private final Witness witness = new Witness(shared.outside().resolve(project + ".witness"));
    private final FakeClock clock = FakeClock.in(shared.outside().resolve(project + ".clock"));
    private final List<String> runs = Collections.synchronizedList(new ArrayList<>());
    private final Arrivals load = new Arrivals();

    @AfterEach
    void end() {
        load.close();
    }

    @Test
    void theClockOfTheOrchestratorIsSet() {
        survives("pipeline-service");
    }

    @Test
    void theClockOfARunnerIsSet() {
        survives("build-runner");
    }

    private void survives(String service) {
        stack.service(service).process().stop(Duration.ofSeconds(20));
        ServiceMember victim = shared.with(service, clock.environment()).service(service);
        try {
            victim.start();
            victim.awaitReady();
            define("short", "0.2");
            define("long", "25");
            runs.add(start("long"));
            load.begin(1, () -> () -> runs.add(start("short")));
            goesOn();

            set(Duration.ofSeconds(90), victim);
            goesOn();
            set(MOST, victim);
            goesOn();
            assertTrue(victim.live(), "a clock that was set forward kills nobody");

            clock.set(Duration.ZERO);
            assertTrue(Await.until(TO_END, () -> !victim.live()), service + " is not alive with its clock set back");
        } finally {
            victim.process().kill();
            stack.service(service).start();
        }
        stack.service(service).awaitReady();
        goesOn();
        load.end(TO_END);
        endWell();
    }

    /** Returns when the service goes by it. */
    private void set(Duration fromTruth, ServiceMember service) {
        clock.set(fromTruth);
        assertTrue(
                Await.until(TO_END, () -> now(service)
                        .isAfter(Instant.now().plus(fromTruth).minusSeconds(30))),
                () -> "the clock is set by " + fromTruth);
    }

    private static Instant now(ServiceMember service) {
        try (InputStream answer =
                URI.create(service.url() + "/q/health/live").toURL().openStream()) {
            JsonNode health = JSON.readTree(answer);
            for (JsonNode check : health.path("checks")) {
                if (check.path("name").asText().equals("clock")) {
                    return Instant.parse(check.at("/data/now").asText());
                }
            }
            throw new AssertionError("Expected the clock among the checks of " + service.url());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What begins now comes to its end. */
    private void goesOn() {
        String run = start("short");
        runs.add(run);
        invariants.allEnd(List.of(run), TO_END);
    }

    private String start(String pipeline) {
        return client.start(project, pipeline, "{\"branch\":\"main\"}");
    }

    private void define(String name, String seconds) {
        client.submit(
                project,
                name,
                "",
                """
                name: %s
                on: manual
                env: {WITNESS: "%s"}
                jobs:
                  first: {timeout: 2m, steps: [{run: '%s'}, {run: 'sleep %s'}]}
                  second: {needs: first, steps: [{run: '%s'}]}
                """
                        .formatted(name, witness.file(), Witness.command("begun"), seconds, Witness.command("ended")));
    }

    /** Each run has ended well in one attempt of each job. */
    private void endWell() {
        invariants.allDifferent(runs);
        Map<String, String> outcomes = invariants.allEnd(runs, TO_END);
        for (String run : runs) {
            assertEquals("SUCCEEDED", outcomes.get(run), "outcome of " + run);
            invariants.historyIsWhole(run);
            assertEquals(Map.of("begun", 1L, "ended", 1L), witness.marksOf(run), "executions of " + run);
        }
        new RunLogs(stack.kafka().bootstrapServers()).areWhole(runs, project);
        assertEquals(List.of(), Leftovers.ofRuns(runs), "processes that outlived their runs");
    }
}
