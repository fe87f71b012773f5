package dev.flujo.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.flujo.stack.Await;
import dev.flujo.stack.LocalStack;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Secrets of jobs: given to those that name them, and found nowhere afterwards, whatever a job does with them. */
class SecretsIT {

    private static final Duration TO_END = Duration.ofMinutes(1);

    private final SharedStack shared = SharedStack.get();
    private final LocalStack stack = shared.stack();
    private final Client client = new Client(stack.url(), stack.adminToken());
    private final Invariants invariants = new Invariants(client);
    private final String project = "p" + UUID.randomUUID().toString().substring(0, 8);
    private final String first = "first+" + UUID.randomUUID() + "/?";
    private final String second = "second+" + UUID.randomUUID() + "/?";

    @BeforeEach
    void begin() throws IOException {
        Path secrets = Files.createDirectories(stack.jobSecrets().resolve(project));
        Files.writeString(secrets.resolve("CANARY"), first + "\n" + second + "\n");
        Files.writeString(secrets.resolve("OTHER"), "another-secret");
    }

    @Test
    void aCanaryThatAJobPrintsInEveryWayIsFoundNowhere() throws IOException {
        Path go = shared.outside().resolve("go-" + project);
        String run = start(
                """
                    secrets: CANARY
                    steps:
                      - |
                        first=${CANARY%%$'\\n'*}
                        echo "$CANARY"
                        printf %s "$CANARY" | base64 -w0; echo
                        printf %s "$first" | base64 -w0; echo
                        printf %s "$first" | sed 's/+/%2B/; s,/,%2F,; s/?/%3F/'; echo
                        printf 'beside %s and %s\\n' "$first" "$first"
                        printf %s "${first:0:12}"
                        until test -e GO; do sleep 0.1; done
                        echo "${first:12}"
                        echo "<testsuite name='s'><testcase name='$first'><failure message='$first'/></testcase></testsuite>" > report.xml
                        echo made > artifact
                      - {run: 'test -z "${CANARY:-}" && test "$OTHER" = another-secret', secrets: OTHER}
                    reports: {junit: report.xml}
                    artifacts: {paths: [artifact]}
                """
                        .replace("GO", go.toString()));
        assertTrue(Await.until(TO_END, () -> log(run).contains("beside *** and ***")), () -> log(run));
        // The canary, a line of it, and a part that stands in no other.
        Canary canary = new Canary(
                List.of(first, second, first.substring(6, 42), second.substring(7, 43), first + "\n" + second));
        List<String> found = new ArrayList<>(canary.inCommands());
        Files.writeString(go, "");
        assertEquals(Map.of(run, "SUCCEEDED"), invariants.allEnd(List.of(run), TO_END), () -> log(run));
        assertTrue(Await.until(TO_END, () -> client.get("/api/v1/runs/" + run + "/jobs/work/tests")
                .map(JsonNode::toString)
                .orElse("")
                .contains("***")));

        found.addAll(canary.foundIn(stack, List.of(shared.blobs())));

        assertEquals(List.of(), found);
    }

    @Test
    void whatIsNoSecretIsFoundWhereverAJobHasLeftIt() throws IOException {
        String text = "open+" + UUID.randomUUID() + "/?";
        String run = start(
                """
                    steps: ["echo 'TEXT'; echo 'TEXT' > artifact"]
                    artifacts: {paths: [artifact]}
                """
                        .replace("TEXT", text));
        assertEquals(Map.of(run, "SUCCEEDED"), invariants.allEnd(List.of(run), TO_END));
        assertTrue(Await.until(TO_END, () -> log(run).contains(text)), () -> log(run));

        List<String> found = new Canary(List.of(text)).foundIn(stack, List.of(shared.blobs()));

        for (String place : List.of("PIPELINES ", "LOGS ", "pipeline_version ", "log_chunk ", shared.blobs() + "/")) {
            assertTrue(found.stream().anyMatch(where -> where.startsWith(place)), () -> place + "in " + found);
        }
    }

    @Test
    void aJobWhoseSecretIsMissingIsRefusedBeforeAnythingOfItRuns() {
        String run = start(
                """
                    secrets: MISSING
                    steps: [echo it runs]
                """);

        assertEquals(Map.of(run, "FAILED"), invariants.allEnd(List.of(run), TO_END));
        String job =
                client.get("/api/v1/runs/" + run + "/jobs/work").orElseThrow().toString();
        assertTrue(
                job.contains("Expected the secret 'MISSING' of project " + project + ", but the runner has no file"),
                job);
        assertTrue(!log(run).contains("it runs"), log(run));
    }

    private String start(String job) {
        client.submit(project, "main", "", "name: main\non: manual\njobs:\n  work:\n" + job);
        return client.start(project, "main", "{\"branch\":\"main\"}");
    }

    private String log(String run) {
        return client.get("/api/v1/runs/" + run + "/jobs/work/log?limit=1000")
                .map(JsonNode::toString)
                .orElse("");
    }
}
