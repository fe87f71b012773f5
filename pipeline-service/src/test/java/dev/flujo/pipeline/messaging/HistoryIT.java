package dev.flujo.pipeline.messaging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.datastax.oss.driver.api.core.cql.Row;
import com.datastax.oss.quarkus.runtime.api.session.QuarkusCqlSession;
import dev.flujo.event.AuditEvent.ActionRecorded;
import dev.flujo.event.Cause;
import dev.flujo.event.CommandEvent.StartRun;
import dev.flujo.event.CommitEvent.PullRequestChanged;
import dev.flujo.event.DerivedId;
import dev.flujo.event.Envelope;
import dev.flujo.event.Event;
import dev.flujo.event.EventCodec;
import dev.flujo.event.Outcome;
import dev.flujo.event.PipelineEvent.PipelineDefined;
import dev.flujo.event.PipelineEvent.SourceDeclared;
import dev.flujo.event.PipelineEvent.TemplateDefined;
import dev.flujo.event.ReportEvent.ComponentsListed;
import dev.flujo.event.ReportEvent.ReportFile;
import dev.flujo.event.Revision;
import dev.flujo.event.RunEvent.RunSkipped;
import dev.flujo.event.TestEvent.CaseFinished;
import dev.flujo.event.TestEvent.CaseSkipped;
import dev.flujo.event.TestEvent.SuiteFinished;
import dev.flujo.event.Topic;
import dev.flujo.kit.event.EventConsumer;
import dev.flujo.pipeline.PipelineServers;
import dev.flujo.pipeline.RunStory;
import dev.flujo.pipeline.store.AuditLog;
import dev.flujo.pipeline.store.JobReports;
import dev.flujo.pipeline.store.Logs;
import dev.flujo.pipeline.store.Pipelines;
import dev.flujo.pipeline.store.Requests;
import dev.flujo.pipeline.store.RunHistory;
import dev.flujo.pipeline.store.RunIndex;
import dev.flujo.pipeline.store.Sources;
import dev.flujo.pipeline.store.TemplateSources;
import dev.flujo.pipeline.store.TestCases;
import dev.flujo.stack.Await;
import dev.flujo.stack.TestClient;
import dev.flujo.stack.TestLog;
import dev.flujo.stack.TestServers;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.arc.Arc;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The history as Cassandra holds it: what the log says, whatever comes twice, late or not at all. */
@QuarkusTest
@QuarkusTestResource(PipelineServers.class)
class HistoryIT {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final URI SOURCE = URI.create("/test");

    /** Those that the history is made of. Nothing orders the records of one and of another. */
    private static final List<Topic> TOPICS =
            List.of(Topic.COMMANDS, Topic.RUNS, Topic.LOGS, Topic.TESTS, Topic.PIPELINES, Topic.AUDIT, Topic.COMMITS);

    @TestHTTPResource
    URI base;

    @Inject
    QuarkusCqlSession session;

    @Inject
    EventConsumer consumer;

    @Inject
    RunHistory history;

    @Inject
    Logs logs;

    @Inject
    TestCases cases;

    @Inject
    JobReports reports;

    @Inject
    Pipelines pipelines;

    @Inject
    Sources sources;

    @Inject
    TemplateSources templates;

    @Inject
    AuditLog audit;

    @Inject
    Requests requests;

    @Inject
    EventCodec codec;

    @Inject
    ArtifactSigner signer;

    @Inject
    MeterRegistry meters;

    private final String project = "shop-" + UUID.randomUUID();
    private TestClient client;
    private TestLog log;

    @BeforeEach
    void begin() {
        client = TestClient.anonymous(base).with(PipelineServers.ADMIN).awaitReady();
        log = new TestLog(TestServers.shared().kafka().bootstrapServers());
    }

    @AfterEach
    void end() {
        log.close();
    }

    @Test
    void emptiedTablesAreTheSameRowsAgainAfterTheLogWasReadAgain() {
        RunStory last = tellAStoryOfEveryKind();
        assertTrue(Await.until(PATIENCE, () -> state(last).equals("FAILED")));
        UUID refused = askForWhatIsRefused();
        assertTrue(Await.until(PATIENCE, () -> state(refused).equals("REFUSED")), () -> state(refused));
        assertTrue(Await.until(
                PATIENCE,
                () -> stored("log_chunk", last) == 3
                        && stored("test_case", last) == 2
                        && stored("test_suite", last) == 1
                        && stored("report", last) == 1));
        assertTrue(Await.until(PATIENCE, () -> everything().get("audit").contains(project)));
        assertTrue(Await.until(PATIENCE, () -> commands().stream().allMatch(this::isThere)));
        assertTrue(
                Await.until(PATIENCE, () -> everything().values().stream().noneMatch(String::isEmpty)),
                "every table has rows");
        Map<String, String> before = everything();

        for (List<Topic> order : List.of(TOPICS, reversed(TOPICS))) {
            before.keySet().forEach(table -> session.execute("TRUNCATE flujo_pipeline." + table));
            assertTrue(everything().values().stream().allMatch(String::isEmpty));

            replay(order);

            Map<String, String> after = everything();
            for (String table : before.keySet()) {
                assertEquals(before.get(table), after.get(table), () -> table + " after " + order);
            }
        }
    }

    @Test
    void eventsThatComeAgainChangeNothing() {
        RunStory story = new RunStory(project);
        List<Envelope> whole = story.whole(Outcome.SUCCEEDED);
        log.write(Topic.RUNS, project, whole);
        assertTrue(Await.until(PATIENCE, () -> state(story).equals("SUCCEEDED")));
        double conflicts = conflicts();
        String before = rows("run_event", story);

        List<Envelope> again = new ArrayList<>(whole);
        Collections.shuffle(again, new Random(7));
        log.write(Topic.RUNS, project, again);
        awaitAnother();

        assertEquals(before, rows("run_event", story));
        assertEquals("SUCCEEDED", state(story));
        assertEquals(conflicts, conflicts());
    }

    @Test
    void ofTwoEventsWithOneNumberTheFirstCountsAndTheOtherIsCounted() {
        RunStory story = new RunStory(project);
        log.write(Topic.RUNS, project, story.whole(Outcome.SUCCEEDED));
        assertTrue(Await.until(PATIENCE, () -> state(story).equals("SUCCEEDED")));
        double conflicts = conflicts();
        String before = rows("run_event", story);
        Envelope real = story.whole(Outcome.FAILED).get(0);

        log.write(
                Topic.RUNS,
                project,
                new Envelope("second-writer", SOURCE, real.time(), story.chain(), 9, real.event()));
        awaitAnother();

        assertEquals(conflicts + 1, conflicts());
        assertEquals(before, rows("run_event", story));
        assertEquals("SUCCEEDED", state(story));
    }

    @Test
    void whatFollowsAGapWaitsForWhatIsMissing() {
        RunStory story = new RunStory(project);
        List<Envelope> whole = story.whole(Outcome.SUCCEEDED);
        double gaps = gaps();
        List<Envelope> withGap = new ArrayList<>(whole);
        Envelope missing = withGap.remove(3);
        log.write(Topic.RUNS, project, withGap);
        awaitAnother();

        assertEquals("QUEUED", state(story), "nothing after the gap counts yet");
        assertEquals(
                3,
                client.get("/api/v1/runs/" + story.run())
                        .json()
                        .path("sequence")
                        .asInt());
        assertTrue(gaps() > gaps);
        assertEquals(
                3,
                client.get("/api/v1/runs/" + story.run() + "/events")
                        .json()
                        .path("items")
                        .size());

        log.write(Topic.RUNS, project, missing);

        assertTrue(Await.until(PATIENCE, () -> state(story).equals("SUCCEEDED")), () -> state(story));
        assertEquals(
                whole.stream().map(Envelope::id).toList(),
                session
                        .execute("SELECT id FROM flujo_pipeline.run_event WHERE run = ? ORDER BY sequence", story.run())
                        .all()
                        .stream()
                        .map(row -> row.getString("id"))
                        .toList());
    }

    @Test
    void anEventThatIsNoneOfARunIsADeadLetter() {
        long before = log.size("flujo.runs.dead-letter");
        Envelope unnumbered = new RunStory(project).queued().get(0);

        log.write(
                Topic.RUNS,
                project,
                Envelope.of(unnumbered.id(), SOURCE, unnumbered.time(), unnumbered.chainId(), unnumbered.event()));

        assertTrue(Await.until(PATIENCE, () -> log.size("flujo.runs.dead-letter") == before + 1));
    }

    /** Something of everything that is projected; gives the run with logs and tests. */
    private PullRequestChanged request(Instant now) {
        return new PullRequestChanged(
                project,
                7,
                "opened",
                "Sell umbrellas",
                "umbrellas",
                "main",
                "b".repeat(40),
                false,
                false,
                List.of(),
                "ana",
                "github",
                now,
                Optional.empty(),
                Optional.empty());
    }

    private RunStory tellAStoryOfEveryKind() {
        Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
        for (int i = 0; i < 30; i++) {
            log.write(
                    Topic.RUNS,
                    project,
                    new RunStory(project, "main", "main", now.minus(i, ChronoUnit.DAYS)).whole(Outcome.SUCCEEDED));
        }
        log.write(
                Topic.COMMANDS,
                project,
                envelope(new StartRun(
                        project, UUID.randomUUID(), "nowhere", "main", Optional.empty(), "ana", "key", now)));
        for (String source : List.of("name: main\n", "name: main # 2\n")) {
            log.write(
                    Topic.PIPELINES,
                    project + "/main",
                    envelope(new PipelineDefined(
                            project,
                            "main",
                            DerivedId.version("", source),
                            Optional.empty(),
                            source,
                            "ana",
                            now.plusMillis(source.length()))));
        }
        SourceDeclared declared = new SourceDeclared(project, Optional.of("https://x.example/y"), "main", "ana", now);
        log.write(Topic.PIPELINES, declared.subject(), envelope(declared));
        TemplateDefined template = new TemplateDefined(project, "java", "0".repeat(64), "inputs: {}\n", "ana", now);
        log.write(Topic.PIPELINES, template.subject(), envelope(template));
        log.write(Topic.COMMITS, project, envelope(request(now)));
        log.write(Topic.RUNS, project, skipped(now));
        ActionRecorded action = new ActionRecorded(
                Optional.of(project), "ana", "run.start", project, "accepted", Optional.empty(), Optional.empty(), now);
        log.write(Topic.AUDIT, action.subject(), envelope(action));
        RunStory story = new RunStory(project);
        log.write(Topic.RUNS, project, story.queued());
        log.write(Topic.RUNS, project, story.held());
        assertTrue(Await.until(PATIENCE, () -> state(story).equals("HELD")));
        log.write(Topic.RUNS, project, story.approved());
        log.write(Topic.RUNS, project, story.running());
        log.write(Topic.RUNS, project, story.published());
        for (int chunk = 0; chunk < 3; chunk++) {
            log.write(Topic.LOGS, story.attempt().id(), story.log(chunk, chunk + 1L, List.of("line " + chunk)));
        }
        for (Event test : List.of(
                new CaseFinished(project, story.attempt(), "suite", "a", Outcome.FAILED, 7, Optional.of("expected 2")),
                new CaseSkipped(project, story.attempt(), "suite", "b", Optional.empty()),
                new SuiteFinished(project, story.attempt(), "suite", 0, 1, 1, 7, now),
                new ComponentsListed(
                        project,
                        story.attempt(),
                        new ReportFile("bom.json", 7, "0".repeat(64)),
                        "CycloneDX 1.6",
                        0,
                        List.of()))) {
            log.write(Topic.TESTS, project, envelope(test));
        }
        log.write(Topic.RUNS, project, story.ended(Outcome.FAILED, 3));
        return story;
    }

    /** A run of a project that has nothing: only the request says of which branch it is. */
    private UUID askForWhatIsRefused() {
        StartRun start = new StartRun(
                project + "-empty",
                UUID.randomUUID(),
                "nowhere",
                "main",
                Optional.empty(),
                "ana",
                "key",
                Instant.now().truncatedTo(ChronoUnit.MILLIS));
        log.write(Topic.COMMANDS, start.project(), envelope(start));
        return start.run();
    }

    private List<StartRun> commands() {
        return log.events(Topic.COMMANDS).stream()
                .filter(event -> event.event() instanceof StartRun start
                        && start.project().startsWith(project))
                .map(event -> (StartRun) event.event())
                .toList();
    }

    /** Whether what is known of a run from its command alone is there. */
    private boolean isThere(StartRun start) {
        Row row = session.execute("SELECT branch FROM flujo_pipeline.run WHERE run = ?", start.run())
                .one();
        return row != null && start.branch().equals(row.getString("branch"));
    }

    private Envelope skipped(Instant now) {
        Revision revision = new Revision(
                Optional.empty(),
                "main",
                Optional.of("0".repeat(40)),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
        Cause cause = new Cause(Cause.Kind.PUSH, "ana", "delivery-" + project, now);
        RunSkipped skipped =
                new RunSkipped(project, UUID.randomUUID(), "main", "0123456789ab", cause, revision, "a filter");
        return new Envelope(UUID.randomUUID().toString(), SOURCE, now, UUID.randomUUID(), 1, skipped);
    }

    private static Envelope envelope(Event event) {
        return Envelope.of(UUID.randomUUID().toString(), SOURCE, Instant.now(), UUID.randomUUID(), event);
    }

    /** Reads topics from their beginning, as projectors that were never there before and remember nothing. */
    private void replay(List<Topic> order) {
        Arc.container()
                .getActiveContext(ApplicationScoped.class)
                .destroy(Arc.container().instance(RunIndex.class).getBean());
        RunProjector runs = new RunProjector(consumer, history, codec, signer, new News(), meters, step -> {});
        PipelineProjector definitions = new PipelineProjector(consumer, pipelines, sources, templates, audit);
        Map<Topic, Consumer<ConsumerRecords<String, byte[]>>> projectors = Map.of(
                Topic.COMMANDS, runs::commands,
                Topic.RUNS, runs::runs,
                Topic.LOGS, new LogProjector(consumer, logs, new News())::logs,
                Topic.TESTS, new TestProjector(consumer, cases, reports)::tests,
                Topic.PIPELINES, definitions::pipelines,
                Topic.AUDIT, definitions::audit,
                Topic.COMMITS, new CommitProjector(consumer, requests)::commits);
        order.forEach(topic -> replay(topic, projectors.get(topic)));
    }

    private static List<Topic> reversed(List<Topic> topics) {
        List<Topic> reversed = new ArrayList<>(topics);
        Collections.reverse(reversed);
        return reversed;
    }

    private void replay(Topic topic, Consumer<ConsumerRecords<String, byte[]>> projector) {
        Map<TopicPartition, List<ConsumerRecord<String, byte[]>>> byPartition = log.records(topic.topicName()).stream()
                .collect(Collectors.groupingBy(record -> new TopicPartition(record.topic(), record.partition())));
        projector.accept(new ConsumerRecords<>(byPartition, Map.of()));
    }

    /** All rows by table, in an order of their own; tokens are no history. */
    private Map<String, String> everything() {
        Map<String, String> tables = new TreeMap<>();
        session.getMetadata()
                .getKeyspace("flujo_pipeline")
                .orElseThrow()
                .getTables()
                .keySet()
                .forEach(table -> tables.put(table.asInternal(), rows("SELECT * FROM flujo_pipeline." + table)));
        tables.remove("api_token");
        return tables;
    }

    private String rows(String table, RunStory story) {
        return rows("SELECT * FROM flujo_pipeline." + table + " WHERE run = " + story.run());
    }

    private String rows(String query) {
        TreeSet<String> lines = new TreeSet<>();
        for (Row row : session.execute(query)) {
            lines.add(row.getFormattedContents());
        }
        return String.join("\n", lines);
    }

    private int stored(String table, RunStory story) {
        String bucket = table.equals("log_chunk") ? " AND bucket = 0" : "";
        return session.execute("SELECT * FROM flujo_pipeline." + table + " WHERE run = " + story.run()
                        + " AND job = 'build' AND attempt = 1" + bucket)
                .all()
                .size();
    }

    /** Waits until a run whose log was written after all others is there. */
    private void awaitAnother() {
        RunStory mark = new RunStory(project);
        log.write(Topic.RUNS, project, mark.whole(Outcome.SUCCEEDED));
        assertTrue(Await.until(PATIENCE, () -> state(mark).equals("SUCCEEDED")));
    }

    private String state(RunStory story) {
        return state(story.run());
    }

    private String state(UUID run) {
        return client.get("/api/v1/runs/" + run).json().path("state").asText();
    }

    private double conflicts() {
        return client.metric("flujo_history_sequence_conflicts_total").orElse(0.0);
    }

    private double gaps() {
        return client.metric("flujo_history_sequence_gaps_total").orElse(0.0);
    }
}
