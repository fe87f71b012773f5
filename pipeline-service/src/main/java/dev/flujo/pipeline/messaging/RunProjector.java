package dev.flujo.pipeline.messaging;

import dev.flujo.event.CommandEvent.StartRun;
import dev.flujo.event.Envelope;
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
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
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
    private final News news;
    private final MeterRegistry meters;
    private final Map<UUID, RunRow> rows = new Recent<>(REMEMBERED);

    /** What a batch says of one run: its events, and what it is after the last of them. */
    private static final class Part {

        private final List<Writes.One> writes = new ArrayList<>();
        private final List<StoredEvent> events = new ArrayList<>();
        private Optional<RunRow> row = Optional.empty();
        private ConsumerRecord<String, byte[]> last;
    }

    RunProjector(EventConsumer consumer, RunHistory history, News news, MeterRegistry meters) {
        this.consumer = consumer;
        this.history = history;
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
        Map<UUID, Part> parts = new LinkedHashMap<>();
        for (ConsumerRecord<String, byte[]> record : batch) {
            consumer.read(record, envelope -> take(record, envelope, writes, parts));
        }
        for (Part part : parts.values()) {
            writes.addTogether(part.writes, () -> history.add(part.events));
        }
        writes.await();
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
        if (before.isPresent() && envelope.sequence() <= before.get().sequence()) {
            repeated(record, envelope, run);
            return;
        }
        Part part = parts.computeIfAbsent(run, id -> new Part());
        part.last = record;
        RunFold.after(before, envelope).ifPresent(row -> {
            rows.put(run, row);
            part.row = Optional.of(row);
            if (envelope.sequence() == 1) {
                writes.add(record, () -> history.begin(row));
            }
        });
        StoredEvent event = new StoredEvent(
                run, envelope.sequence(), envelope.id(), envelope.type(), envelope.time(), text(record));
        part.events.add(event);
        part.writes.add(new Writes.One(record, () -> history.add(List.of(event))));
    }

    /** The whole CDEvent as it lies on the log, where the orchestrator alone writes. */
    private static String text(ConsumerRecord<String, byte[]> record) {
        return new String(record.value(), StandardCharsets.UTF_8);
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
