package dev.flujo.pipeline.orchestrator;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.flujo.event.AssignmentEvent.WorkAssigned;
import dev.flujo.event.Attempt;
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
import dev.flujo.event.LockEvent;
import dev.flujo.event.Outcome;
import dev.flujo.event.PipelineEvent.PipelineDefined;
import dev.flujo.event.RunEvent;
import dev.flujo.event.RunnerEvent.RunnerAlive;
import dev.flujo.event.Topic;
import dev.flujo.kit.event.EventRecords;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.UUID;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.test.TestRecord;

/** The orchestrator's topology, driven record by record, with a clock that the test moves. */
final class DrivenOrchestrator implements AutoCloseable {

    static final Instant START = Instant.parse("2026-11-24T10:00:00Z");
    static final UUID CHAIN = UUID.fromString("4c8cb7dd-3448-41de-8768-eec704e2829b");

    private final EventCodec codec = new EventCodec();
    private final Map<Topic, List<Envelope>> seen = new HashMap<>();
    private final TopologyTestDriver driver;
    private final SettableClock clock = new SettableClock();
    private int count;

    DrivenOrchestrator(Path state) {
        Topology topology = OrchestratorTopology.build(
                codec,
                new OrchestratorMeters(new SimpleMeterRegistry()),
                clock,
                task -> InHandFile.open(state.resolve("in-hand"), task));
        Properties properties = new Properties();
        properties.put(StreamsConfig.APPLICATION_ID_CONFIG, Orchestrator.APPLICATION_ID);
        properties.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "nowhere:1");
        properties.put(StreamsConfig.STATE_DIR_CONFIG, state.toString());
        properties.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        driver = new TopologyTestDriver(topology, properties, START);
    }

    TopologyTestDriver driver() {
        return driver;
    }

    /** Somebody sets the clock of the machine. */
    void setClock(Duration by) {
        clock.set(by);
    }

    @Override
    public void close() {
        driver.close();
    }

    void define(String pipeline, String source) {
        define("shop", pipeline, source);
    }

    void define(String project, String pipeline, String source) {
        send(
                Topic.PIPELINES,
                new PipelineDefined(
                        project,
                        pipeline,
                        DerivedId.version("", source),
                        Optional.of("https://x/y"),
                        source,
                        "ana",
                        START));
    }

    void push(String delivery, String branch) {
        push("shop", delivery, branch);
    }

    void push(String project, String delivery, String branch) {
        send(
                Topic.COMMITS,
                delivery,
                new CommitPushed(
                        project, branch, "abc", Optional.empty(), Optional.empty(), Optional.empty(), "ana", START));
    }

    UUID start(String pipeline) {
        UUID run = DerivedId.run("shop", pipeline, "request-" + count);
        send(Topic.COMMANDS, new StartRun("shop", run, pipeline, "main", Optional.of("abc"), "ana", "r", START));
        return run;
    }

    void alive(String runner) {
        alive(runner, 1);
    }

    void alive(String runner, int slots) {
        send(Topic.RUNNERS, new RunnerAlive("default", runner, slots, List.of(), List.of(), false));
    }

    /** The runner has the newest attempt of a job of a run, and has begun. */
    Attempt started(UUID run, String job) {
        List<Attempt> attempts = all(Topic.ASSIGNMENTS, WorkAssigned.class).stream()
                .map(WorkAssigned::attempt)
                .filter(attempt -> attempt.run().equals(run) && attempt.job().equals(job))
                .toList();
        Attempt newest = attempts.get(attempts.size() - 1);
        send(Topic.BUILDS, new JobStarted("shop", newest, "r1", START));
        return newest;
    }

    /** What an event of the log says of this run. */
    <E extends Event> List<E> of(UUID run, Class<E> type) {
        return all(Topic.RUNS, type).stream()
                .filter(event -> runOf(event).equals(Optional.of(run)))
                .toList();
    }

    private static Optional<UUID> runOf(Event event) {
        if (event instanceof RunEvent e) return Optional.of(e.run());
        if (event instanceof LockEvent e) return Optional.of(e.run());
        return event instanceof JobEvent e ? Optional.of(e.attempt().run()) : Optional.empty();
    }

    /** Lets time pass in steps that no stall guard takes for a stall, with one runner that lives. */
    void tick(Duration duration, String living) {
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

    /** Lets time pass in which no runner says anything. */
    void tickSilently(Duration duration) {
        for (long second = 0; second < duration.toSeconds(); second++) {
            driver.advanceWallClockTime(Duration.ofSeconds(1));
        }
    }

    static JobFinished finished(Attempt attempt, Outcome outcome) {
        return new JobFinished("shop", attempt, "r1", outcome, Optional.empty(), Optional.empty(), 0, START);
    }

    void send(Topic topic, Event event) {
        send(topic, "event-" + count++, event);
    }

    void send(Topic topic, String id, Event event) {
        EncodedEvent encoded = codec.encode(topic, Envelope.of(id, URI.create("/test"), START, CHAIN, event));
        pipe(topic, encoded.key(), encoded.value(), encoded.headers());
    }

    void pipe(Topic topic, String key, byte[] value, Map<String, String> headers) {
        EncodedEvent encoded = new EncodedEvent(key, headers, value);
        driver.createInputTopic(topic.topicName(), new ByteArraySerializer(), new ByteArraySerializer())
                .pipeInput(
                        new TestRecord<>(key.getBytes(StandardCharsets.UTF_8), value, EventRecords.headers(encoded)));
    }

    List<Envelope> read(Topic topic) {
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

    <E extends Event> List<E> all(Topic topic, Class<E> type) {
        return read(topic).stream()
                .map(Envelope::event)
                .filter(type::isInstance)
                .map(type::cast)
                .toList();
    }

    <E extends Event> long count(Topic topic, Class<E> type) {
        return all(topic, type).size();
    }

    <E extends Event> E only(Topic topic, Class<E> type) {
        List<E> events = all(topic, type);
        assertEquals(1, events.size(), () -> "events of " + type.getSimpleName());
        return events.get(0);
    }
}
