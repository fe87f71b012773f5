package dev.flujo.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.flujo.stack.Await;
import dev.flujo.stack.LocalStack;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The whole platform with a runner that executes jobs apart from its machine, whatever does that. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class ContainedJobs {

    private static final Duration TO_END = Duration.ofMinutes(2);

    private SharedStack shared;
    private Workplace workplace;
    private LocalStack stack;
    private Client client;
    private Invariants invariants;
    private RunLogs logs;
    private String project;

    /** What executes the jobs of the runner with this directory. */
    abstract Workplace open(Path runnerDirectory);

    @BeforeAll
    void up() {
        Workplace.needsImage();
        shared = SharedStack.get();
        workplace = open(shared.stack().home().resolve("build-runner"));
        Map<String, String> environment = new HashMap<>(workplace.environment());
        environment.put("FLUJO_RUNNER_SLOTS", "8");
        shared.stack().service("build-runner").process().stop(Duration.ofSeconds(20));
        stack = shared.with("build-runner", environment);
        start();
        client = new Client(stack.url(), stack.adminToken());
        invariants = new Invariants(client);
        logs = new RunLogs(stack.kafka().bootstrapServers());
    }

    @AfterAll
    void asBefore() {
        if (stack == null) {
            return;
        }
        stack.service("build-runner").process().stop(Duration.ofSeconds(40));
        workplace.close();
        shared.stack().service("build-runner").start();
        shared.stack().service("build-runner").awaitReady();
    }

    @BeforeEach
    void begin() {
        project = "p" + UUID.randomUUID().toString().substring(0, 8);
    }

    @Test
    void findsInAContainerWhatAnotherRunHasKept() {
        String jobs =
                """
                jobs:
                  build:
                    cache: {key: {files: [lock], prefix: m-}, paths: [deps]}
                    steps:
                      - cat deps/a || echo nothing; mkdir -p deps; echo "made by $FLUJO_RUN" > deps/a
                """;
        String first = start(jobs);
        assertEquals(Map.of(first, "SUCCEEDED"), invariants.allEnd(List.of(first), TO_END));
        assertTrue(Await.until(TO_END, () -> log(first, "build").contains(": kept, 1 files of ")));

        String second = start(jobs);

        assertEquals(Map.of(second, "SUCCEEDED"), invariants.allEnd(List.of(second), TO_END));
        assertTrue(Await.until(TO_END, () -> log(second, "build").contains("made by " + first)));
    }

    @Test
    void passesOnWhatStepsPrintAndLeaveAndSaysWhichImageRan() {
        String run = start(
                """
                jobs:
                  build:
                    outputs: [version]
                    artifacts: {paths: [made.html]}
                    steps:
                      - echo "uid $(id -u)"
                      - run: |
                          echo 1.0 > "$FLUJO_OUTPUTS/version"
                          echo "<script>" > made.html
                  use:
                    needs: [build]
                    artifacts: {from: build}
                    steps:
                      - test "$(cat "$FLUJO_NEEDS/build/version") $(cat made.html)" = "1.0 <script>"
                """);

        assertEquals(Map.of(run, "SUCCEEDED"), invariants.allEnd(List.of(run), TO_END));
        invariants.historyIsWhole(run);
        logs.areWhole(List.of(run), project);
        for (JsonNode started : events(run, "dev.cdevents.taskrun.started.")) {
            assertEquals(
                    Workplace.IMAGE, started.at("/event/customData/image/name").asText(), started.toString());
            assertTrue(
                    started.at("/event/customData/image/digest").asText().matches("sha256:[0-9a-f]{64}"),
                    started.toString());
        }
    }

    @Test
    void sendsAnArtifactSoThatNoBrowserExecutesIt() {
        String run = start(
                "jobs: {build: {artifacts: {paths: [x.html]}, steps: ['echo \"<script>alert(1)</script>\" > x.html']}}");
        assertEquals(Map.of(run, "SUCCEEDED"), invariants.allEnd(List.of(run), TO_END));

        HttpResponse<String> answer = client.answer("/api/v1/runs/" + run + "/artifacts/build/x.html");

        assertEquals("<script>alert(1)</script>\n", answer.body());
        assertEquals(
                "attachment", answer.headers().firstValue("Content-Disposition").orElse(""));
        assertEquals(
                "nosniff", answer.headers().firstValue("X-Content-Type-Options").orElse(""));
        assertEquals(
                "application/octet-stream",
                answer.headers().firstValue("Content-Type").orElse(""));
    }

    @Test
    void goesOnWhenItsRunnerIsKilledInTheMiddleOfAStep() {
        String run = start("jobs: {work: {steps: ['echo begun >> marks; sleep 4; echo ended >> marks', 'cat marks']}}");
        await("a step to begin", () -> !events(run, "dev.cdeventsx.flujo-step.started.")
                .isEmpty());

        stack.service("build-runner").process().kill();
        start();

        assertEquals(Map.of(run, "SUCCEEDED"), invariants.allEnd(List.of(run), TO_END));
        invariants.historyIsWhole(run);
        logs.areWhole(List.of(run), project);
        assertEquals(1, events(run, "dev.cdevents.taskrun.started.").size());
        assertEquals(
                2,
                events(run, "dev.cdeventsx.flujo-step.finished.")
                        .get(1)
                        .at("/event/subject/content/lines")
                        .asInt());
        await("nothing of it to run", () -> Leftovers.ofRuns(List.of(run)).isEmpty());
    }

    @Test
    void endsTheContainerOfARunThatIsCancelled() {
        String run = start("jobs: {work: {steps: [\"trap '' TERM; sleep 1000 & sleep 1000\"]}}");
        await("a step to begin", () -> !events(run, "dev.cdeventsx.flujo-step.started.")
                .isEmpty());

        client.post("/api/v1/runs/" + run + "/cancel");

        assertEquals(Map.of(run, "CANCELLED"), invariants.allEnd(List.of(run), TO_END));
        await("nothing of it to run", () -> Leftovers.ofRuns(List.of(run)).isEmpty());
    }

    @Test
    void failsAJobWhoseImageIsNotThereBeforeAnythingStarts() {
        String run = start("jobs: {work: {image: 'flujo.example/none:1', steps: ['true']}}");

        assertEquals(Map.of(run, "FAILED"), invariants.allEnd(List.of(run), TO_END));
        assertEquals(List.of(), events(run, "dev.cdeventsx.flujo-step.started."));
    }

    private String start(String jobs) {
        client.submit(project, "main", "", "name: main\non: manual\n" + jobs);
        return client.start(project, "main", "{\"branch\":\"main\"}");
    }

    private void start() {
        stack.service("build-runner").start();
        stack.service("build-runner").awaitReady();
    }

    private String log(String run, String job) {
        return client.get("/api/v1/runs/" + run + "/jobs/" + job + "/log?limit=1000")
                .map(page -> page.path("items").toString())
                .orElse("");
    }

    private List<JsonNode> events(String run, String type) {
        return client.events(run).stream()
                .filter(event -> Invariants.type(event).startsWith(type))
                .toList();
    }

    private static void await(String what, java.util.function.BooleanSupplier condition) {
        assertTrue(Await.until(TO_END, condition), () -> "Expected " + what + " within " + TO_END);
    }
}
