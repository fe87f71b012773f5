package dev.flujo.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Canaries that a job of their pipeline judges, from the request for a run to what serves. */
class AskedJobsIT {

    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private final String project = "p" + UUID.randomUUID().toString().substring(0, 8);

    private Client client;
    private Invariants invariants;

    @BeforeEach
    void up() throws IOException {
        SharedStack shared = SharedStack.get();
        client = new Client(shared.stack().url(), shared.stack().adminToken());
        invariants = new Invariants(client);
    }

    @Test
    void aCanaryServesWhenItsJobIsContentAndGoesBackWhenItIsNot() throws IOException {
        client.submit(project, "main", "", pipeline("hello"));
        String first = ended("SUCCEEDED");
        String second = ended("SUCCEEDED");

        assertEquals(List.of("SUCCEEDED", "SUCCEEDED"), states());
        String log = log(second, "deploy");
        assertEquals(3, count(log, "analysis smoke asks job smoke in run "), log);
        assertEquals(3, count(log, "analysis smoke passes: result succeeded"), log);
        assertEquals(4, answers().size(), answers().toString());
        JsonNode smoke = client.get("/api/v1/runs/" + second + "/jobs/smoke").orElseThrow();
        assertEquals("SKIPPED", smoke.path("state").asText(), smoke.toString());

        client.submit(project, "main", "", pipeline("goodbye"));
        String third = ended("FAILED");

        assertEquals(List.of("FAILED", "SUCCEEDED", "SUCCEEDED"), states());
        assertTrue(log(third, "deploy").contains("analysis smoke fails: result failed"));
        assertEquals(
                second,
                client.get("/api/v1/environments/" + project + "/production")
                        .orElseThrow()
                        .path("run")
                        .asText());
        String said = log(answers().get(0), "smoke");
        assertTrue(said.contains("hello from"), said);
        assertTrue(answers().stream().noneMatch(first::equals));
    }

    private String pipeline(String wanted) {
        return """
                name: main
                on: manual
                jobs:
                  %s
                  smoke:
                    needs: build
                    artifacts: {from: build}
                    env: {ADDRESS: "${{ event.address }}"}
                    steps:
                      - test -f Serve.java
                      - run: |
                          at=${ADDRESS#http://}
                          exec 3<>"/dev/tcp/${at%%:*}/${at#*:}"
                          printf 'GET / HTTP/1.0\\r\\n\\r\\n' >&3
                          cat <&3 | tee answer
                          grep -q '%s from' answer
                  deploy:
                    needs: build
                    environment: production
                    deploy:
                      from: build
                      start: exec java Serve.java
                      health: {path: /, timeout: 2m}
                      strategy: {canary: {steps: [10, 50, 100], every: 1s}}
                      analysis: [{name: smoke, job: smoke}]
                """
                .formatted(Greeter.JOB.strip(), wanted);
    }

    private String ended(String state) {
        String run = client.start(project, "main", "{\"branch\":\"main\"}");
        assertEquals(Map.of(run, state), invariants.allEnd(List.of(run), PATIENCE));
        return run;
    }

    private List<String> answers() {
        List<String> runs = new ArrayList<>();
        client.get("/api/v1/runs?project=" + project + "&pipeline=.analysis").ifPresent(page -> page.path("items")
                .forEach(run -> runs.add(run.path("id").asText())));
        return runs;
    }

    private List<String> states() {
        List<String> states = new ArrayList<>();
        client.get("/api/v1/environments/" + project + "/production/history").ifPresent(page -> page.path("items")
                .forEach(entry -> states.add(entry.path("state").asText())));
        return states;
    }

    private String log(String run, String job) {
        return client.answer("/api/v1/runs/" + run + "/jobs/" + job + "/log").body();
    }

    private static long count(String text, String part) {
        return Pattern.compile(part, Pattern.LITERAL).matcher(text).results().count();
    }
}
