package dev.flujo.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.flujo.stack.Await;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Pipelines that a repository defines itself, from the webhook to the end of the runs. */
class SourcesIT {

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Set<String> OPEN = Set.of("ACCEPTED", "QUEUED", "RUNNING", "CANCELLING");

    private static SharedStack shared;
    private static Client client;
    private static Webhooks webhooks;

    private String project;
    private SourceRepository repository;

    @BeforeAll
    static void up() {
        shared = SharedStack.get();
        client = new Client(shared.stack().url(), shared.stack().adminToken());
        webhooks = new Webhooks(shared.stack().url(), shared.stack().webhookSecret());
    }

    @BeforeEach
    void begin() {
        project = "p" + UUID.randomUUID().toString().substring(0, 8);
        repository = SourceRepository.create(shared.stack().home(), project);
        assertEquals(
                202,
                client.status(
                        "PUT",
                        "/api/v1/projects/" + project + "/source",
                        "{\"repository\":\"" + repository.url() + "\"}"));
        assertTrue(Await.until(PATIENCE, () -> client.get("/api/v1/projects/" + project + "/source")
                .isPresent()));
    }

    @Test
    void aPushRunsWhatItsCommitDefinesAndTellsWhatIsWrongWithIt() {
        String commit = repository.push(
                "main",
                Map.of(
                        ".flujo.yml", "name: main\njobs: {a: {steps: [\"test -f .flujo/docs.yml\"]}}\n",
                        ".flujo/docs.yml", "name: docs\njobs: {a: {uses: ./.flujo/templates/t.yml}}\n",
                        ".flujo/templates/t.yml", "name: t\njobs: {b: {steps: [\"true\"]}}\n",
                        ".flujo/release.yml",
                                "name: r\non: {push: {branches: release}}\njobs: {a: {steps: [\"true\"]}}\n",
                        ".flujo/broken.yml",
                                "name: broken\njobs:\n  a: {step: [\"true\"]}\n  b: {steps: 3, needs: nobody}\n"));

        String delivery = webhooks.push(project, "main", commit);

        Map<String, JsonNode> checks = checks(commit, 5);
        assertEquals(
                "{.flujo=SUCCEEDED, broken=REFUSED, docs=SUCCEEDED, main=SUCCEEDED, release=SKIPPED}",
                states(checks).toString());
        assertEquals("SUCCESS", checks.get("release").path("conclusion").asText());
        assertEquals(
                "its `branches` do not allow `main`",
                checks.get("release").path("reason").asText());
        String wrong = checks.get("broken").path("reason").asText();
        assertTrue(wrong.startsWith("Expected a pipeline file in .flujo/broken.yml, but "), wrong);
        assertTrue(wrong.contains("\n3:7 ") && wrong.contains("\n4:"), wrong);
        assertEquals(
                commit,
                client.get("/api/v1/runs/" + checks.get("main").path("run").asText())
                        .orElseThrow()
                        .path("commit")
                        .asText());
        assertTrue(Await.until(PATIENCE, () -> client.get("/api/v1/projects/" + project + "/pipelines/docs")
                .isPresent()));

        webhooks.push(project, "main", commit, delivery);
        String next = repository.push("main", Map.of(".flujo/broken.yml", "name: b\njobs: {a: {steps: [\"true\"]}}\n"));
        webhooks.push(project, "main", next);
        assertEquals(
                "{.flujo=SUCCEEDED, broken=SUCCEEDED, docs=SUCCEEDED, main=SUCCEEDED, release=SKIPPED}",
                states(checks(next, 5)).toString());
        assertEquals(4 + 4, runs());
        assertEquals(
                409,
                client.status(
                        "PUT",
                        "/api/v1/projects/" + project + "/pipelines/main",
                        "{\"source\":\"name: m\\njobs: {a: {steps: [make]}}\\n\"}"));
    }

    @Test
    void aRunThatSomebodyAsksForReadsItsCommitFirst() {
        String commit = repository.push(
                "main", Map.of(".flujo.yml", "name: main\non: manual\njobs: {a: {steps: [\"true\"]}}\n"));

        String run = client.start(project, "main", "{\"branch\":\"main\",\"commit\":\"" + commit + "\"}");
        String none = client.start(project, "other", "{\"branch\":\"main\",\"commit\":\"" + commit + "\"}");

        assertEquals("SUCCEEDED", ended(run).path("state").asText());
        assertTrue(ended(none).path("reason").asText().contains("it has no 'other' there"), () -> ended(none)
                .toString());
    }

    @Test
    void aJobHasTheSubmodulesAndLargeFilesThatItAsksFor() {
        SourceRepository library = SourceRepository.create(shared.stack().home(), project + "-library");
        String inside = library.push("main", Map.of("tool", "echo from the library\n"));
        repository.link("library", "../" + project + "-library.git", inside);
        String commit = repository.push(
                "main",
                Map.of(
                        ".gitattributes", "*.bin filter=lfs diff=lfs merge=lfs -text\n",
                        "large.bin", repository.keepLarge("from the store of large files\n"),
                        ".flujo.yml",
                                """
                                name: main
                                on: manual
                                defaults: {checkout: {submodules: true, lfs: true}}
                                jobs:
                                  a: {steps: ["sh library/tool; cat large.bin; git status --porcelain"]}
                                """));

        String run = client.start(project, "main", "{\"branch\":\"main\",\"commit\":\"" + commit + "\"}");

        assertEquals(
                "SUCCEEDED", ended(run).path("state").asText(), () -> ended(run).toString());
        assertEquals("from the library\nfrom the store of large files\n", printed(run, 2));
    }

    @Test
    void aCommitThatCannotBeReadIsAFailedReading() {
        repository.push("main", Map.of("file", "x"));
        String gone = "0123456789012345678901234567890123456789";

        webhooks.push(project, "main", gone);

        assertEquals("{.flujo=ERRORED}", states(checks(gone, 1)).toString());
    }

    @Test
    void aForksCommitWaitsForApprovalAndRunsWhatTheBaseDefines() {
        String base = repository.push(
                "main",
                Map.of(
                        ".flujo.yml",
                        "name: main\non: pull_request\njobs: {a: {steps: [\"echo base; cat own.txt\"]}}\n"));
        String first = repository.push(
                "refs/pull/7/head",
                Map.of(
                        ".flujo.yml", "name: main\non: pull_request\njobs: {a: {steps: [\"echo evil\"]}}\n",
                        "own.txt", "first\n"));
        webhooks.fork(project, 7, "opened", base, first);
        String held = held(first);
        JsonNode run = client.get("/api/v1/runs/" + held).orElseThrow();
        assertTrue(run.path("reason").asText().contains("approves it by POST /api/v1/runs/" + held + "/approval"));
        assertEquals(2, client.events(held).size(), "nothing but that it is there and held");

        shared.stack().service("pipeline-service").process().kill();
        shared.stack().service("pipeline-service").start();
        assertEquals(409, judge(held, base, true));
        assertEquals(202, judge(held, first, true));
        judge(held, first, true);

        assertEquals("SUCCEEDED", ended(held).path("state").asText());
        assertEquals("base\nfirst\n", printed(held, 2));
        assertEquals(1, Invariants.count(client.events(held), "dev.cdeventsx.flujo-run.approved."));

        String second = repository.push("refs/pull/7/head", Map.of("own.txt", "second\n"));
        webhooks.fork(project, 7, "synchronize", base, second);
        String next = held(second);
        assertEquals(409, judge(next, first, true));
        String third = repository.push("refs/pull/7/head", Map.of("own.txt", "third\n"));
        webhooks.fork(project, 7, "synchronize", base, third);
        assertEquals("CANCELLED", ended(next).path("state").asText());
        String last = held(third);
        assertEquals(202, judge(last, third, false));
        assertEquals("CANCELLED", ended(last).path("state").asText());
        assertTrue(ended(last).path("reason").asText().startsWith("rejected by "));
        assertEquals(409, judge(last, third, true));
    }

    private String held(String commit) {
        assertTrue(
                Await.until(PATIENCE, () -> client.get("/api/v1/projects/" + project + "/commits/" + commit + "/checks")
                        .map(checks -> checks.at("/checks/0/state").asText())
                        .filter("HELD"::equals)
                        .isPresent()),
                () -> client.get("/api/v1/projects/" + project + "/commits/" + commit + "/checks")
                        .toString());
        return client.get("/api/v1/projects/" + project + "/commits/" + commit + "/checks")
                .orElseThrow()
                .at("/checks/0/run")
                .asText();
    }

    private int judge(String run, String commit, boolean approve) {
        return client.status(
                "POST",
                "/api/v1/runs/" + run + "/approval",
                "{\"approve\":" + approve + ",\"commit\":\"" + commit + "\"}");
    }

    private JsonNode ended(String run) {
        assertTrue(
                Await.until(PATIENCE, () -> client.get("/api/v1/runs/" + run)
                        .filter(read -> !read.path("finishedAt").isMissingNode()
                                && !read.path("finishedAt").isNull())
                        .isPresent()),
                () -> client.get("/api/v1/runs/" + run).toString());
        return client.get("/api/v1/runs/" + run).orElseThrow();
    }

    private String printed(String run, int lines) {
        String path = "/api/v1/runs/" + run + "/jobs/a/log?limit=100";
        assertTrue(Await.until(
                PATIENCE, () -> client.get(path).orElseThrow().path("items").size() >= lines));
        StringBuilder text = new StringBuilder();
        client.get(path).orElseThrow().path("items").forEach(line -> text.append(
                        line.path("text").asText())
                .append('\n'));
        return text.toString();
    }

    /** The checks of a commit by pipeline, once there are so many and none is open. */
    private Map<String, JsonNode> checks(String commit, int count) {
        String path = "/api/v1/projects/" + project + "/commits/" + commit + "/checks";
        assertTrue(
                Await.until(PATIENCE, () -> {
                    JsonNode checks = client.get(path).orElseThrow().path("checks");
                    boolean open = false;
                    for (JsonNode check : checks) {
                        open |= OPEN.contains(check.path("state").asText());
                    }
                    return checks.size() == count && !open;
                }),
                () -> client.get(path).toString());
        Map<String, JsonNode> checks = new TreeMap<>();
        client.get(path)
                .orElseThrow()
                .path("checks")
                .forEach(check -> checks.put(check.path("pipeline").asText(), check));
        return checks;
    }

    private static Map<String, String> states(Map<String, JsonNode> checks) {
        Map<String, String> states = new TreeMap<>();
        checks.forEach(
                (pipeline, check) -> states.put(pipeline, check.path("state").asText()));
        return states;
    }

    private int runs() {
        return client.get("/api/v1/runs?limit=200&project=" + project)
                .orElseThrow()
                .path("items")
                .size();
    }
}
