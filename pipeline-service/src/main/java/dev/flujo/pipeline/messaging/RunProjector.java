package dev.flujo.pipeline.messaging;

import dev.flujo.event.CommandEvent.StartRun;
import dev.flujo.event.Envelope;
import dev.flujo.event.EventCodec;
import dev.flujo.event.RunEvent.RunQueued;
import dev.flujo.event.RunEvent.RunRefused;
import dev.flujo.kit.event.EventConsumer;
import dev.flujo.kit.log.LogContext;
import dev.flujo.pipeline.store.RunHistory;
import dev.flujo.pipeline.store.RunRow;
import dev.flujo.pipeline.store.StoredEvent;
import io.micrometer.core.instrument.MeterRegistry;
import io.smallrye.reactive.messaging.annotations.Blocking;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.jboss.logging.Logger;

/**
 * Keeps the logs of runs and what runs are now. The events of a batch are written before the state that they lead to, so
 * whatever lies under a run's sequence is there. Reading the log again writes the same rows again.
 */
@ApplicationScoped
public class RunProjector {

    private static final int SIDE_BY_SIDE = 128;
    private static final int REMEMBERED = 10_000;
    private static final Logger LOG = Logger.getLogger(RunProjector.class);

    private final EventConsumer consumer;
    private final RunHistory history;
    private final EventCodec codec;
    private final News news;
    private final MeterRegistry meters;
    private final Map<UUID, RunRow> rows = new Recent<>(REMEMBERED);

    private record Change(ConsumerRecord<String, byte[]> record, RunRow row) {}

    RunProjector(EventConsumer consumer, RunHistory history, EventCodec codec, News news, MeterRegistry meters) {
        this.consumer = consumer;
        this.history = history;
        this.codec = codec;
        this.news = news;
        this.meters = meters;
    }

    /** Runs that are asked for can be found at once, by every replica, also while the orchestrator is away. */
    @Incoming("commands")
    @Blocking
    public void commands(ConsumerRecords<String, byte[]> batch) {
        Writes writes = new Writes(consumer, SIDE_BY_SIDE);
        for (ConsumerRecord<String, byte[]> record : batch) {
            consumer.read(record, envelope -> {
                if (envelope.event() instanceof StartRun start) {
                    RunRow row = RunFold.asked(start, envelope);
                    writes.add(record, () -> history.begin(row));
                    writes.add(record, () -> history.keep(row));
                }
            });
        }
        writes.await();
    }

    @Incoming("runs")
    @Blocking
    public void runs(ConsumerRecords<String, byte[]> batch) {
        Writes writes = new Writes(consumer, SIDE_BY_SIDE);
        Map<UUID, Change> changes = new LinkedHashMap<>();
        for (ConsumerRecord<String, byte[]> record : batch) {
            consumer.read(record, envelope -> take(record, envelope, writes, changes));
        }
        writes.await();
        for (Change change : changes.values()) {
            writes.add(change.record(), () -> history.keep(change.row()));
        }
        writes.await();
        changes.keySet().forEach(news::publish);
    }

    private void take(
            ConsumerRecord<String, byte[]> record, Envelope envelope, Writes writes, Map<UUID, Change> changes) {
        Optional<UUID> id = RunOf.event(envelope.event());
        if (id.isEmpty() || envelope.sequence() < 1) {
            consumer.bury(
                    record,
                    "Expected an event of a run with its number, but it is " + envelope.type() + " with the number "
                            + envelope.sequence());
            return;
        }
        UUID run = id.get();
        LogContext.run(envelope, () -> take(record, envelope, run, writes, changes));
    }

    private void take(
            ConsumerRecord<String, byte[]> record,
            Envelope envelope,
            UUID run,
            Writes writes,
            Map<UUID, Change> changes) {
        Optional<RunRow> before = before(record, envelope, run);
        if (before.isPresent() && envelope.sequence() <= before.get().sequence()) {
            repeated(record, envelope, run);
            return;
        }
        RunFold.after(before, envelope).ifPresent(row -> {
            rows.put(run, row);
            changes.put(run, new Change(record, row));
            if (envelope.sequence() == 1) {
                writes.add(record, () -> history.begin(row));
            }
        });
        StoredEvent event = new StoredEvent(
                run,
                envelope.sequence(),
                envelope.id(),
                envelope.type(),
                envelope.time(),
                codec.toJson(envelope).toString());
        writes.add(record, () -> history.add(event));
    }

    /** The run before this event; from the store where another replica may have gone on with it. */
    private Optional<RunRow> before(ConsumerRecord<String, byte[]> record, Envelope envelope, UUID run) {
        RunRow known = rows.get(run);
        boolean begins = envelope.sequence() == 1 && envelope.event() instanceof RunQueued;
        if (begins || (known != null && envelope.sequence() <= known.sequence() + 1)) {
            return Optional.ofNullable(known);
        }
        consumer.handle(record, () -> history.find(run).ifPresent(row -> rows.put(run, row)));
        Optional<RunRow> before = Optional.ofNullable(rows.get(run));
        long last = before.map(RunRow::sequence).orElse(0L);
        if (envelope.sequence() > last + 1 && !(envelope.event() instanceof RunRefused)) {
            meters.counter("flujo.history.sequence.gaps").increment();
            LOG.errorf("the log of run %s has %d after %d", run, envelope.sequence(), last);
        }
        return before;
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
