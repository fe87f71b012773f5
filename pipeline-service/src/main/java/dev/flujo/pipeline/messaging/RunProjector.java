package dev.flujo.pipeline.messaging;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.flujo.event.Decoded;
import dev.flujo.event.Envelope;
import dev.flujo.event.Event;
import dev.flujo.event.EventCodec;
import dev.flujo.event.JobEvent.ArtifactPublished;
import dev.flujo.event.JobEvent.JobStarted;
import dev.flujo.event.Revision;
import dev.flujo.event.RunEvent.DefinitionRefused;
import dev.flujo.event.RunEvent.RunQueued;
import dev.flujo.event.RunEvent.RunSkipped;
import dev.flujo.kit.event.EventConsumer;
import dev.flujo.kit.log.LogContext;
import dev.flujo.kit.process.Failpoint;
import dev.flujo.pipeline.store.RunHistory;
import dev.flujo.pipeline.store.RunRow;
import dev.flujo.pipeline.store.StoredEvent;
import io.micrometer.core.instrument.MeterRegistry;
import io.smallrye.reactive.messaging.annotations.Blocking;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.jboss.logging.Logger;

/**
 * Keeps the logs of runs and what runs are now. The events of a batch are written before the state that they lead to, so
 * whatever lies under a run's sequence is there. Reading the log again writes the same rows again. An event that comes
 * before one with a lower number is kept, but counts only once that one has come.
 */
@ApplicationScoped
public class RunProjector {

    private static final int SIDE_BY_SIDE = 32;
    private static final int REMEMBERED = 10_000;
    private static final int MOST_EARLY = 10_000;
    private static final Logger LOG = Logger.getLogger(RunProjector.class);

    private final EventConsumer consumer;
    private final RunHistory history;
    private final EventCodec codec;
    private final ArtifactSigner signer;
    private final News news;
    private final MeterRegistry meters;
    private final Failpoint failpoint;
    private final Map<UUID, RunRow> rows = new Recent<>(REMEMBERED);
    private final Map<UUID, Boolean> waiting = new Recent<>(REMEMBERED);

    /** Under which commit runs were made findable when they were asked for. */
    private final Map<UUID, Optional<String>> begun = Collections.synchronizedMap(new Recent<>(REMEMBERED));

    /** What a batch says of one run: its events, and what it is after the last of them. */
    private static final class Part {

        private final List<Writes.One> writes = new ArrayList<>();
        private final List<StoredEvent> events = new ArrayList<>();
        private final List<ArtifactPublished> artifacts = new ArrayList<>();
        private Optional<RunRow> row = Optional.empty();
        private ConsumerRecord<String, byte[]> last;
    }

    RunProjector(
            EventConsumer consumer,
            RunHistory history,
            EventCodec codec,
            ArtifactSigner signer,
            News news,
            MeterRegistry meters,
            Failpoint failpoint) {
        this.consumer = consumer;
        this.history = history;
        this.codec = codec;
        this.signer = signer;
        this.news = news;
        this.meters = meters;
        this.failpoint = failpoint;
    }

    /** Runs that are asked for can be found at once, by every replica, also while the orchestrator is away. */
    @Incoming("commands")
    @Blocking
    public void commands(ConsumerRecords<String, byte[]> batch) {
        consumer.take(batch, this::takeCommands);
    }

    private void takeCommands(ConsumerRecords<String, byte[]> batch) {
        Writes writes = new Writes(consumer, SIDE_BY_SIDE);
        for (ConsumerRecord<String, byte[]> record : batch) {
            consumer.read(record, envelope -> {
                RunFold.asked(envelope).ifPresent(row -> {
                    writes.add(record, () -> history.begin(row).thenRun(() -> begun.put(row.run(), commit(row))));
                    writes.add(record, () -> history.keep(row));
                });
            });
        }
        writes.await();
    }

    @Incoming("runs")
    @Blocking
    public void runs(ConsumerRecords<String, byte[]> batch) {
        consumer.take(batch, this::takeRuns);
    }

    private void takeRuns(ConsumerRecords<String, byte[]> batch) {
        Writes writes = new Writes(consumer, SIDE_BY_SIDE);
        Map<UUID, Part> parts = new LinkedHashMap<>();
        for (ConsumerRecord<String, byte[]> record : batch) {
            consumer.read(record, envelope -> take(record, envelope, writes, parts));
        }
        for (Part part : parts.values()) {
            add(part, writes);
        }
        writes.await();
        for (Map.Entry<UUID, Part> part : parts.entrySet()) {
            if (!part.getValue().artifacts.isEmpty()) {
                writes.add(part.getValue().last, () -> sign(part.getKey(), part.getValue().artifacts));
            }
        }
        writes.await();
        failpoint.pass("projector.between-writes");
        for (Part part : parts.values()) {
            part.row.ifPresent(row -> writes.add(part.last, () -> history.keep(row)));
        }
        writes.await();
        parts.keySet().forEach(news::publish);
    }

    private void take(ConsumerRecord<String, byte[]> record, Envelope envelope, Writes writes, Map<UUID, Part> parts) {
        Optional<UUID> id = RunOf.event(envelope.event());
        if (id.isEmpty() || envelope.sequence() < 1) {
            consumer.bury(
                    record,
                    "Expected an event of a run with its number, but it is " + envelope.type() + " with the number "
                            + envelope.sequence());
            return;
        }
        UUID run = id.get();
        LogContext.run(envelope, () -> take(record, envelope, run, writes, parts));
    }

    private void take(
            ConsumerRecord<String, byte[]> record, Envelope envelope, UUID run, Writes writes, Map<UUID, Part> parts) {
        Optional<RunRow> before = before(record, envelope, run);
        long last = before.map(RunRow::sequence).orElse(0L);
        if (envelope.sequence() <= last) {
            repeated(record, envelope, run);
            return;
        }
        Part part = parts.computeIfAbsent(run, id -> new Part());
        StoredEvent event = new StoredEvent(
                run, envelope.sequence(), envelope.id(), envelope.type(), envelope.time(), text(record));
        part.events.add(event);
        if (envelope.event() instanceof JobStarted started) {
            signer.heard(started);
        } else if (envelope.event() instanceof ArtifactPublished artifact) {
            part.artifacts.add(artifact);
            part.last = record;
        }
        part.writes.add(new Writes.One(record, () -> history.add(List.of(event))));
        if (envelope.sequence() > last + 1) {
            meters.counter("flujo.history.sequence.gaps").increment();
            LOG.errorf(
                    "the log of run %s has %d after %d; it waits for what is between", run, envelope.sequence(), last);
            waiting.put(run, true);
            return;
        }
        follow(record, envelope, before, writes, part);
        if (waiting.containsKey(run)) {
            catchUp(record, run, writes, part);
        }
    }

    private void follow(
            ConsumerRecord<String, byte[]> record,
            Envelope envelope,
            Optional<RunRow> before,
            Writes writes,
            Part part) {
        RunFold.after(before, envelope).ifPresent(row -> {
            rows.put(row.run(), row);
            part.row = Optional.of(row);
            part.last = record;
            if (envelope.sequence() == 1 && !commit(row).equals(begun.get(row.run()))) {
                writes.add(record, () -> history.begin(row));
            }
        });
    }

    private static Optional<String> commit(RunRow row) {
        return row.revision().flatMap(Revision::commit);
    }

    /** Follows the events that came too early, as far as nothing is missing between them. */
    private void catchUp(ConsumerRecord<String, byte[]> record, UUID run, Writes writes, Part part) {
        add(part, writes);
        writes.await();
        List<StoredEvent> early = new ArrayList<>();
        consumer.handle(record, () -> {
            early.clear();
            early.addAll(history.after(run, rows.get(run).sequence(), MOST_EARLY));
        });
        for (StoredEvent event : early) {
            RunRow row = rows.get(run);
            if (event.sequence() != row.sequence() + 1) {
                return;
            }
            Envelope envelope = read(event);
            if (envelope.event() instanceof ArtifactPublished artifact) {
                part.artifacts.add(artifact);
            }
            follow(record, envelope, Optional.of(row), writes, part);
        }
        waiting.remove(run);
    }

    private CompletionStage<Void> sign(UUID run, List<ArtifactPublished> artifacts) {
        return signer.sign(
                artifacts,
                most -> history.after(run, 0, most).stream().map(this::read).toList());
    }

    /** Begins to write the events of a part that are not written yet. */
    private void add(Part part, Writes writes) {
        if (!part.events.isEmpty()) {
            List<StoredEvent> events = List.copyOf(part.events);
            writes.addTogether(List.copyOf(part.writes), () -> history.add(events));
            part.events.clear();
            part.writes.clear();
        }
    }

    /** The whole CDEvent as it lies on the log, where the orchestrator alone writes. */
    private static String text(ConsumerRecord<String, byte[]> record) {
        return new String(record.value(), StandardCharsets.UTF_8);
    }

    private Envelope read(StoredEvent event) {
        try {
            if (codec.decode(codec.mapper().readTree(event.json())) instanceof Decoded.Known known) {
                Envelope e = known.envelope();
                return new Envelope(e.id(), e.source(), e.time(), e.chainId(), event.sequence(), e.event());
            }
            throw new IllegalStateException("Expected a stored event that can be read, but it is " + event.type());
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Expected a stored event as JSON, but " + e.getOriginalMessage(), e);
        }
    }

    /** The run before this event; from the store where another replica, or an earlier life, may have gone on with it. */
    private Optional<RunRow> before(ConsumerRecord<String, byte[]> record, Envelope envelope, UUID run) {
        RunRow known = rows.get(run);
        boolean begins = envelope.sequence() == 1 && begins(envelope.event());
        if (begins || (known != null && envelope.sequence() <= known.sequence() + 1)) {
            return Optional.ofNullable(known);
        }
        consumer.handle(record, () -> history.find(run).ifPresent(row -> {
            rows.put(run, row);
            if (!history.after(run, row.sequence(), 1).isEmpty()) {
                waiting.put(run, true);
            }
        }));
        return Optional.ofNullable(rows.get(run));
    }

    /** Whether nothing of a run can have been there before such an event. */
    private static boolean begins(Event event) {
        return event instanceof RunQueued || event instanceof RunSkipped || event instanceof DefinitionRefused;
    }

    /** The first event with a number counts; another one means a second writer or a restored log. */
    private void repeated(ConsumerRecord<String, byte[]> record, Envelope envelope, UUID run) {
        consumer.handle(record, () -> {
            if (history.eventId(run, envelope.sequence())
                    .filter(envelope.id()::equals)
                    .isEmpty()) {
                meters.counter("flujo.history.sequence.conflicts").increment();
                LOG.errorf("the log of run %s has two events with the number %d", run, envelope.sequence());
            }
        });
    }
}
