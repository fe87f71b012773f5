package dev.flujo.pipeline.orchestrator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.flujo.event.AssignmentEvent.WorkAssigned;
import dev.flujo.event.AssignmentEvent.WorkStopped;
import dev.flujo.event.Attempt;
import dev.flujo.event.AuditEvent.ActionRecorded;
import dev.flujo.event.Cause;
import dev.flujo.event.CommandEvent.CancelRun;
import dev.flujo.event.CommandEvent.StartRun;
import dev.flujo.event.CommitEvent.CommitPushed;
import dev.flujo.event.Decoded;
import dev.flujo.event.DerivedId;
import dev.flujo.event.EncodedEvent;
import dev.flujo.event.Envelope;
import dev.flujo.event.Event;
import dev.flujo.event.EventCodec;
import dev.flujo.event.JobEvent;
import dev.flujo.event.JobEvent.JobFinished;
import dev.flujo.event.JobEvent.JobStarted;
import dev.flujo.event.Outcome;
import dev.flujo.event.PipelineEvent.PipelineDefined;
import dev.flujo.event.RunEvent.RunFinished;
import dev.flujo.event.RunEvent.RunQueued;
import dev.flujo.event.RunEvent.RunRefused;
import dev.flujo.event.RunnerEvent.RunnerAlive;
import dev.flujo.event.Topic;
import dev.flujo.kit.event.EventRecords;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.UUID;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OrchestratorTopologyTest {

    private static final Instant START = Instant.parse("2026-11-24T10:00:00Z");
    private static final UUID CHAIN = UUID.fromString("4c8cb7dd-3448-41de-8768-eec704e2829b");
    private static final String BUILD =
            """
            name: main
            on: {push: {branches: [main]}, manual: {}}
            jobs:
              build: {steps: [{name: work, run: "true"}], timeout: 1s}
            """;

    private final EventCodec codec = new EventCodec();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final Map<Topic, List<Envelope>> seen = new HashMap<>();
    private TopologyTestDriver driver;
    private int count;

    @TempDir
    Path state;

    @BeforeEach
    void open() {
        Topology topology = OrchestratorTopology.build(codec, new OrchestratorMeters(meters));
        Properties properties = new Properties();
        properties.put(StreamsConfig.APPLICATION_ID_CONFIG, Orchestrator.APPLICATION_ID);
        properties.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "nowhere:1");
        properties.put(StreamsConfig.STATE_DIR_CONFIG, state.toString());
        properties.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        driver = new TopologyTestDriver(topology, properties, START);
    }

    @AfterEach
    void close() {
        driver.close();
    }

    @Test
    void isWhatTheCommittedDescriptionSays() throws IOException {
        try (InputStream in = getClass().getResourceAsStream("topology.txt")) {
            String approved = in == null ? "" : new String(in.readAllBytes(), StandardCharsets.UTF_8);
            String actual = OrchestratorTopology.build(codec, new OrchestratorMeters(meters))
                    .describe()
                    .toString();
            assertEquals(approved.strip(), actual.strip());
        }
    }

    @Test
    void takesACommitToTheEndOfItsRun() {
        define("main", BUILD);
        push("delivery-1", "main");
        alive("r1");

        WorkAssigned assigned = only(Topic.ASSIGNMENTS, WorkAssigned.class);
        assertEquals("abc", assigned.work().revision().commit().orElseThrow());
        send(Topic.BUILDS, new JobStarted("shop", assigned.attempt(), "r1", START));
        send(Topic.BUILDS, finished(assigned.attempt(), Outcome.SUCCEEDED));

        List<Envelope> log = read(Topic.RUNS);
        assertTrue(log.get(0).event() instanceof RunQueued);
        assertEquals(Outcome.SUCCEEDED, ((RunFinished) log.get(log.size() - 1).event()).outcome());
        for (int i = 0; i < log.size(); i++) {
            assertEquals(i + 1, log.get(i).sequence());
            assertEquals(CHAIN, log.get(i).chainId());
        }
    }

    @Test
    void startsOneRunForTheSameDeliveryTwice() {
        define("main", BUILD);
        push("delivery-1", "main");
        push("delivery-1", "main");
        push("delivery-2", "main");

        assertEquals(2, count(Topic.RUNS, RunQueued.class));
    }

    @Test
    void startsNoSecondRunForACauseWhoseRunHasEnded() {
        define("main", BUILD);
        alive("r1");
        push("delivery-1", "main");
        WorkAssigned assigned = only(Topic.ASSIGNMENTS, WorkAssigned.class);
        send(Topic.BUILDS, finished(assigned.attempt(), Outcome.SUCCEEDED));

        push("delivery-1", "main");

        assertEquals(1, count(Topic.RUNS, RunQueued.class));
    }

    @Test
    void leavesBranchesAloneThatNoTriggerNames() {
        define("main", BUILD);
        push("delivery-1", "feature/x");

        assertEquals(List.of(), read(Topic.RUNS));
    }

    @Test
    void refusesToStartAnUnknownPipeline() {
        start("nothing");

        RunRefused refused = only(Topic.RUNS, RunRefused.class);
        assertEquals("pipeline-unknown", refused.reason());
    }

    @Test
    void tellsTheRunnerToStopWhatIsCancelled() {
        define("main", BUILD);
        alive("r1");
        UUID run = start("main");
        Attempt attempt = only(Topic.ASSIGNMENTS, WorkAssigned.class).attempt();
        send(Topic.BUILDS, new JobStarted("shop", attempt, "r1", START));

        send(Topic.COMMANDS, new CancelRun("shop", run, "ana", "enough"));

        assertEquals(attempt, only(Topic.ASSIGNMENTS, WorkStopped.class).attempt());
        send(Topic.BUILDS, finished(attempt, Outcome.CANCELLED));
        assertEquals(Outcome.CANCELLED, only(Topic.RUNS, RunFinished.class).outcome());
    }

    @Test
    void recordsARefusedCancelInTheAudit() {
        send(Topic.COMMANDS, new CancelRun("shop", UUID.randomUUID(), "ana", "enough"));

        assertEquals("RUN_UNKNOWN", only(Topic.AUDIT, ActionRecorded.class).result());
    }

    @Test
    void triesAgainWhenARunnerFallsSilent() {
        define("main", BUILD);
        alive("r1");
        start("main");
        tick(Duration.ofSeconds(31), "r2");

        List<Integer> attempts = all(Topic.ASSIGNMENTS, WorkAssigned.class).stream()
                .map(assigned -> assigned.attempt().number())
                .toList();
        assertEquals(List.of(1, 2), attempts);
    }

    @Test
    void stepsInWhenAJobOutlivesItsTimeout() {
        define("main", BUILD);
        alive("r1");
        start("main");
        Attempt attempt = only(Topic.ASSIGNMENTS, WorkAssigned.class).attempt();
        send(Topic.BUILDS, new JobStarted("shop", attempt, "r1", START));

        tick(Duration.ofSeconds(125), "r1");

        assertEquals(Outcome.ERRORED, only(Topic.RUNS, RunFinished.class).outcome());
    }

    @Test
    void buriesWhatCannotBeReadAndGoesOn() {
        define("main", BUILD);
        pipe(Topic.COMMANDS, "shop", "{".getBytes(StandardCharsets.UTF_8), Map.of("ce_type", "x", "ce_id", "y"));
        start("main");

        TestRecord<byte[], byte[]> dead = driver.createOutputTopic(
                        Topic.COMMANDS.deadLetterName(), new ByteArrayDeserializer(), new ByteArrayDeserializer())
                .readRecord();
        assertTrue(EventRecords.headers(dead.headers())
                .get(EventRecords.REASON_HEADER)
                .startsWith("Expected JSON"));
        assertEquals(1, count(Topic.RUNS, RunQueued.class));
    }

    @Test
    void derivesTheSameEventIdsFromTheSameCause() {
        define("main", BUILD);
        push("delivery-1", "main");
        UUID run = DerivedId.run("shop", "main", "delivery-1");

        Set<String> ids = new HashSet<>();
        read(Topic.RUNS).forEach(envelope -> ids.add(envelope.id()));

        assertEquals(Set.of(DerivedId.event(run, "delivery-1", 0), DerivedId.event(run, "delivery-1", 1)), ids);
    }

    @Test
    void startsAPipelineWhenAnotherHasFinished() {
        define("main", BUILD);
        define("after", "name: after\non: {upstream: {pipeline: main}}\njobs: {a: {steps: [make]}}\n");
        alive("r1");
        push("delivery-1", "main");
        Attempt attempt = only(Topic.ASSIGNMENTS, WorkAssigned.class).attempt();

        send(Topic.BUILDS, finished(attempt, Outcome.SUCCEEDED));

        RunQueued after = all(Topic.RUNS, RunQueued.class).get(1);
        assertEquals("after", after.pipeline());
        assertEquals(Optional.of("abc"), after.revision().commit());
    }

    @Test
    void endsAChainOfPipelinesThatStartEachOther() {
        define(
                "ring",
                "name: ring\non: {push: , upstream: {pipeline: ring}}\njobs: {a: {if: 'false', steps: [make]}}\n");

        push("delivery-1", "main");

        assertEquals(11, count(Topic.RUNS, RunQueued.class));
    }

    @Test
    void startsAPipelineWhenItsTimeHasCome() {
        define("nightly", "name: nightly\non: {schedule: {cron: '*/5 * * * *'}}\njobs: {a: {steps: [make]}}\n");
        push("delivery-1", "main");

        driver.advanceWallClockTime(Duration.ofMinutes(6));
        driver.advanceWallClockTime(Duration.ofSeconds(1));

        assertEquals(
                Cause.Kind.SCHEDULE, only(Topic.RUNS, RunQueued.class).cause().kind());
    }

    @Test
    void triesAgainAfterThePause() {
        define("main", "name: main\njobs: {a: {retry: {max: 1, on: failure, backoff: 2s}, steps: [make]}}\n");
        alive("r1");
        push("delivery-1", "main");
        Attempt attempt = only(Topic.ASSIGNMENTS, WorkAssigned.class).attempt();

        send(Topic.BUILDS, finished(attempt, Outcome.FAILED));
        assertEquals(1, count(Topic.ASSIGNMENTS, WorkAssigned.class));
        tick(Duration.ofSeconds(4), "r1");

        assertEquals(
                2, all(Topic.ASSIGNMENTS, WorkAssigned.class).get(1).attempt().number());
    }

    @Test
    void goesOnWithAPlanThatARunHasMadeItsOwn() {
        define(
                "main",
                "name: main\njobs: {l: {outputs: [m], steps: [make]},"
                        + " t: {needs: l, matrix: {m: '${{ json(needs.l.outputs.m) }}'}, steps: [make]}}\n");
        alive("r1");
        push("delivery-1", "main");
        Attempt attempt = only(Topic.ASSIGNMENTS, WorkAssigned.class).attempt();
        JobEvent.Output output = new JobEvent.Output("m", 5, "0".repeat(64), Optional.of("[\"x\"]"));

        send(
                Topic.BUILDS,
                new JobFinished(
                        "shop",
                        attempt,
                        "r1",
                        Outcome.SUCCEEDED,
                        Optional.empty(),
                        Optional.empty(),
                        0,
                        START,
                        Optional.empty(),
                        Optional.of(new JobEvent.Leaves(List.of(output), Optional.empty()))));

        WorkAssigned cell = all(Topic.ASSIGNMENTS, WorkAssigned.class).get(1);
        assertEquals("t.x", cell.attempt().job());
        send(Topic.BUILDS, finished(cell.attempt(), Outcome.SUCCEEDED));
        assertEquals(Outcome.SUCCEEDED, only(Topic.RUNS, RunFinished.class).outcome());
    }

    private void define(String pipeline, String source) {
        send(
                Topic.PIPELINES,
                new PipelineDefined(
                        "shop",
                        pipeline,
                        DerivedId.version("", source),
                        Optional.of("https://x/y"),
                        source,
                        "ana",
                        START));
    }

    private void push(String delivery, String branch) {
        send(
                Topic.COMMITS,
                delivery,
                new CommitPushed(
                        "shop", branch, "abc", Optional.empty(), Optional.empty(), Optional.empty(), "ana", START));
    }

    private UUID start(String pipeline) {
        UUID run = DerivedId.run("shop", pipeline, "request-" + count);
        send(Topic.COMMANDS, new StartRun("shop", run, pipeline, "main", Optional.of("abc"), "ana", "r", START));
        return run;
    }

    private void alive(String runner) {
        send(Topic.RUNNERS, new RunnerAlive("default", runner, 1, List.of(), List.of(), false));
    }

    /** Lets time pass in steps that no stall guard takes for a stall, with one runner that lives. */
    private void tick(Duration duration, String living) {
        for (long second = 0; second < duration.toSeconds(); second++) {
            if (second % 5 == 0) {
                List<Attempt> its = all(Topic.ASSIGNMENTS, WorkAssigned.class).stream()
                        .filter(assigned -> assigned.runner().equals(living))
                        .map(WorkAssigned::attempt)
                        .toList();
                send(Topic.RUNNERS, new RunnerAlive("default", living, 1, List.of(), its, false));
            }
            driver.advanceWallClockTime(Duration.ofSeconds(1));
        }
    }

    private static JobFinished finished(Attempt attempt, Outcome outcome) {
        return new JobFinished("shop", attempt, "r1", outcome, Optional.empty(), Optional.empty(), 0, START);
    }

    private void send(Topic topic, Event event) {
        send(topic, "event-" + count++, event);
    }

    private void send(Topic topic, String id, Event event) {
        EncodedEvent encoded = codec.encode(topic, Envelope.of(id, URI.create("/test"), START, CHAIN, event));
        pipe(topic, encoded.key(), encoded.value(), encoded.headers());
    }

    private void pipe(Topic topic, String key, byte[] value, Map<String, String> headers) {
        EncodedEvent encoded = new EncodedEvent(key, headers, value);
        driver.createInputTopic(topic.topicName(), new ByteArraySerializer(), new ByteArraySerializer())
                .pipeInput(
                        new TestRecord<>(key.getBytes(StandardCharsets.UTF_8), value, EventRecords.headers(encoded)));
    }

    private List<Envelope> read(Topic topic) {
        List<Envelope> envelopes = seen.computeIfAbsent(topic, unused -> new ArrayList<>());
        for (TestRecord<byte[], byte[]> record : driver.createOutputTopic(
                        topic.topicName(), new ByteArrayDeserializer(), new ByteArrayDeserializer())
                .readRecordsToList()) {
            String key = new String(record.key(), StandardCharsets.UTF_8);
            Decoded decoded = codec.decode(topic, key, EventRecords.headers(record.headers()), record.value());
            envelopes.add(((Decoded.Known) decoded).envelope());
        }
        return envelopes;
    }

    private <E extends Event> List<E> all(Topic topic, Class<E> type) {
        return read(topic).stream()
                .map(Envelope::event)
                .filter(type::isInstance)
                .map(type::cast)
                .toList();
    }

    private <E extends Event> long count(Topic topic, Class<E> type) {
        return all(topic, type).size();
    }

    private <E extends Event> E only(Topic topic, Class<E> type) {
        List<E> events = all(topic, type);
        assertEquals(1, events.size(), () -> "events of " + type.getSimpleName());
        return events.get(0);
    }
}
