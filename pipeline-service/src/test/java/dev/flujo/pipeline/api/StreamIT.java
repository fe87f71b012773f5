package dev.flujo.pipeline.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.flujo.event.Outcome;
import dev.flujo.event.Topic;
import dev.flujo.pipeline.PipelineServers;
import dev.flujo.pipeline.RunStory;
import dev.flujo.pipeline.api.EventStream.Told;
import dev.flujo.stack.Await;
import dev.flujo.stack.TestClient;
import dev.flujo.stack.TestClient.Answer;
import dev.flujo.stack.TestLog;
import dev.flujo.stack.TestServers;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Live streams over the real log and history: every event and line once, in order, however often the connection breaks. */
@QuarkusTest
@QuarkusTestResource(PipelineServers.class)
class StreamIT {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TestHTTPResource
    URI base;

    private final String project = "shop-" + UUID.randomUUID();
    private final RunStory story = new RunStory(project);
    private final String run = "/api/v1/runs/" + story.run();
    private final String job = run + "/jobs/" + RunStory.JOB;
    private TestClient client;
    private TestLog log;

    @BeforeEach
    void begin() {
        client = TestClient.anonymous(base).with(PipelineServers.ADMIN).awaitReady();
        log = new TestLog(TestServers.shared().kafka().bootstrapServers());
        log.write(Topic.RUNS, project, story.queued());
        assertTrue(Await.until(PATIENCE, () -> client.get(job).status() == 200));
    }

    @AfterEach
    void end() {
        log.close();
    }

    @Test
    void tellsTheEventsOfARunAsTheyComeAndEndsWithIt() {
        try (EventStream stream = open(run + "/events/stream", Optional.empty())) {
            assertEquals(
                    List.of("1", "2"), List.of(next(stream).id(), next(stream).id()));

            log.write(Topic.RUNS, project, story.running());
            assertEquals(List.of("3", "4", "5", "6"), ids(stream, 4));

            log.write(Topic.RUNS, project, story.ended(Outcome.SUCCEEDED, 0));
            assertEquals(List.of("7", "8"), ids(stream, 2));
            Told last = next(stream);
            assertEquals("9", last.id());
            assertEquals("dev.cdevents.pipelinerun.finished.0.3.0", last.name());
            assertEquals(Optional.empty(), stream.next());
        }
    }

    @Test
    void goesOnWithTheEventsAfterTheLastOneSeen() {
        log.write(Topic.RUNS, project, story.running());
        List<String> seen = new ArrayList<>();
        Optional<String> last = Optional.empty();
        for (int connection = 0; connection < 3; connection++) {
            try (EventStream stream = open(run + "/events/stream", last)) {
                seen.addAll(ids(stream, 2));
            }
            last = Optional.of(seen.get(seen.size() - 1));
        }
        log.write(Topic.RUNS, project, story.ended(Outcome.FAILED, 0));
        try (EventStream stream = open(run + "/events/stream", last)) {
            seen.addAll(rest(stream));
        }

        assertEquals(numbers(1, 9), seen);
    }

    @Test
    void theStreamOfAnEndedRunIsItsWholeLogOrNothingAfterItsEnd() {
        log.write(Topic.RUNS, project, story.running());
        log.write(Topic.RUNS, project, story.ended(Outcome.SUCCEEDED, 0));
        awaitState("SUCCEEDED");

        try (EventStream whole = open(run + "/events/stream", Optional.empty());
                EventStream nothing = open(run + "/events/stream", Optional.of("9"));
                EventStream beyond = open(run + "/events/stream", Optional.of("4711"))) {
            assertEquals(numbers(1, 9), rest(whole));
            assertEquals(List.of(), rest(nothing));
            assertEquals(List.of(), rest(beyond));
        }
    }

    @Test
    void tellsTheLinesOfALogAsTheyComeThroughBrokenConnectionsAndEndsWithTheAttempt() {
        log.write(Topic.RUNS, project, story.running());
        log.write(Topic.LOGS, story.attempt().id(), story.log(0, 1, lines(1, 150)));
        List<String> ids = new ArrayList<>();
        List<String> texts = new ArrayList<>();
        for (int chunk = 1; chunk <= 4; chunk++) {
            Optional<String> last = ids.isEmpty() ? Optional.empty() : Optional.of(ids.get(ids.size() - 1));
            try (EventStream stream = open(job + "/log/stream", last)) {
                int more = 137;
                log.write(
                        Topic.LOGS,
                        story.attempt().id(),
                        story.log(chunk, 1 + 150L * chunk, lines(1 + 150 * chunk, 150)));
                for (int i = 0; i < more; i++) {
                    Told line = next(stream);
                    assertEquals("line", line.name());
                    ids.add(line.id());
                    texts.add(line.data());
                }
            }
        }
        log.write(Topic.RUNS, project, story.ended(Outcome.SUCCEEDED, 750));
        try (EventStream stream = open(job + "/log/stream", Optional.of(ids.get(ids.size() - 1)))) {
            for (Optional<Told> line = stream.next(); line.isPresent(); line = stream.next()) {
                ids.add(line.get().id());
                texts.add(line.get().data());
            }
        }

        assertEquals(numbers(1, 750), ids);
        assertEquals(lines(1, 750), texts);
    }

    @Test
    void namesTheLinesThatAreMissing() {
        log.write(Topic.RUNS, project, story.running());
        log.write(Topic.LOGS, story.attempt().id(), story.log(0, 1, lines(1, 2)));
        log.write(Topic.LOGS, story.attempt().id(), story.log(2, 6, lines(6, 1)));
        log.write(Topic.RUNS, project, story.ended(Outcome.SUCCEEDED, 6));
        awaitState("SUCCEEDED");
        assertTrue(Await.until(PATIENCE, () -> client.get(job + "/log").body().contains("line 6")));

        try (EventStream stream = open(job + "/log/stream", Optional.empty())) {
            assertEquals("1", next(stream).id());
            assertEquals("2", next(stream).id());
            Told gap = next(stream);
            assertEquals(new Told("5", "gap", gap.data()), gap);
            assertTrue(gap.data().contains("lines 3 to 5"), gap.data());
            assertEquals("6", next(stream).id());
            assertEquals(Optional.empty(), stream.next());
        }
    }

    @Test
    void findsLinesByAPartOfTheirTextPageByPage() {
        List<String> lines = new ArrayList<>(lines(1, 2500));
        lines.set(1199, "an \u001b[31mErr\u001b[0mor");
        lines.set(2499, "ERROR again");
        log.write(Topic.RUNS, project, story.running());
        log.write(Topic.LOGS, story.attempt().id(), story.log(0, 1, lines.subList(0, 1250)));
        log.write(Topic.LOGS, story.attempt().id(), story.log(1, 1251, lines.subList(1250, 2500)));
        assertTrue(Await.until(
                PATIENCE, () -> client.get(job + "/log?from=2500").body().contains("again")));

        Answer both = client.get(job + "/log?contains=error");
        Answer first = client.get(job + "/log?contains=error&limit=1");
        String next = first.json().path("next").asText();
        Answer second = client.get(job + "/log?contains=error&limit=1&from=" + next);

        assertEquals(List.of("1200", "2500"), numbers(both));
        assertTrue(
                both.json().path("next").isMissingNode()
                        || both.json().path("next").isNull(),
                both.body());
        assertEquals(List.of("1200"), numbers(first));
        assertEquals("1201", next);
        assertEquals(List.of("2500"), numbers(second));
        assertEquals(List.of(), numbers(client.get(job + "/log?contains=no+such+text")));
        client.get(job + "/log?contains=" + "x".repeat(201))
                .checkProblem(400, "bad-request", "'contains'", "1 to 200 characters");
    }

    private static List<String> numbers(Answer answer) {
        List<String> numbers = new ArrayList<>();
        answer.json()
                .path("items")
                .forEach(line -> numbers.add(line.path("line").asText()));
        return numbers;
    }

    @Test
    void linesKeepWhateverTheyHoldAndWhatTurnsTextIsShown() {
        List<String> odd =
                List.of("", " leading", "id: 7", "data: x", "event: gap", "<script>", "\u001b[31mred", "ü\u202e");
        log.write(Topic.RUNS, project, story.running());
        log.write(Topic.LOGS, story.attempt().id(), story.log(0, 1, odd));
        log.write(Topic.RUNS, project, story.ended(Outcome.SUCCEEDED, odd.size()));
        awaitState("SUCCEEDED");
        assertTrue(Await.until(
                PATIENCE, () -> client.get(job + "/log").json().path("items").size() == odd.size()));

        List<String> told = new ArrayList<>();
        try (EventStream stream = open(job + "/log/stream", Optional.empty())) {
            for (int i = 0; i < odd.size(); i++) {
                told.add(next(stream).data());
            }
        }

        List<String> shown = new ArrayList<>(odd);
        shown.set(odd.size() - 1, "ü\\u202e");
        assertEquals(shown, told);
    }

    @Test
    void refusesLastEventIdsThatAreNone() {
        for (String stream : List.of(run + "/events/stream", job + "/log/stream")) {
            for (String id : List.of("x", "-1", "1.5", "99999999999999999999", "1e3", "0x1")) {
                Answer answer = client.send("GET", stream, Map.of("Last-Event-ID", id), BodyPublishers.noBody());
                answer.checkProblem(400, "bad-request", "Last-Event-ID", "'" + id + "'", "leave the header out");
            }
        }
    }

    @Test
    void pagesThroughALogFromAnyLine() {
        log.write(Topic.RUNS, project, story.running());
        for (int chunk = 0; chunk < 50; chunk++) {
            log.write(Topic.LOGS, story.attempt().id(), story.log(chunk, 1 + 20L * chunk, lines(1 + 20 * chunk, 20)));
        }
        assertTrue(Await.until(
                PATIENCE, () -> client.get(job + "/log?from=1000").body().contains("line 1000")));

        List<String> found = new ArrayList<>();
        String from = "1";
        while (!from.isEmpty()) {
            var page = client.get(job + "/log?limit=333&from=" + from).json();
            page.path("items").forEach(line -> found.add(line.path("text").asText()));
            from = page.hasNonNull("next") ? page.path("next").asText() : "";
        }

        assertEquals(lines(1, 1000), found);
        assertEquals(
                "line 777",
                client.get(job + "/log?from=777&limit=1")
                        .json()
                        .at("/items/0/text")
                        .asText());
        assertEquals(0, client.get(job + "/log?from=1001").json().path("items").size());
    }

    private EventStream open(String path, Optional<String> last) {
        String root = base.toString().replaceAll("/$", "");
        EventStream stream = EventStream.open(URI.create(root + path), last);
        assertEquals(200, stream.status());
        return stream;
    }

    private void awaitState(String state) {
        assertTrue(Await.until(
                PATIENCE, () -> client.get(run).json().path("state").asText().equals(state)));
    }

    private static Told next(EventStream stream) {
        return stream.next().orElseThrow(() -> new AssertionError("the stream has ended"));
    }

    private static List<String> ids(EventStream stream, int count) {
        return IntStream.range(0, count).mapToObj(i -> next(stream).id()).toList();
    }

    private static List<String> rest(EventStream stream) {
        List<String> ids = new ArrayList<>();
        for (Optional<Told> told = stream.next(); told.isPresent(); told = stream.next()) {
            ids.add(told.get().id());
        }
        return ids;
    }

    private static List<String> numbers(long first, long last) {
        return LongStream.rangeClosed(first, last).mapToObj(Long::toString).toList();
    }

    private static List<String> lines(int first, int count) {
        return IntStream.range(first, first + count).mapToObj(i -> "line " + i).toList();
    }
}
