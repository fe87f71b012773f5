package dev.flujo.pipeline.orchestrator;

import dev.flujo.core.pool.Pool;
import dev.flujo.core.pool.Slot;
import dev.flujo.event.AssignmentEvent.WorkAssigned;
import dev.flujo.event.AssignmentEvent.WorkStopped;
import dev.flujo.event.DerivedId;
import dev.flujo.event.Envelope;
import dev.flujo.event.Event;
import dev.flujo.event.EventCodec;
import dev.flujo.event.JobEvent.JobAssigned;
import dev.flujo.event.JobEvent.JobLost;
import dev.flujo.event.PoolEvent.LimitsSet;
import dev.flujo.event.PoolEvent.SlotReleased;
import dev.flujo.event.PoolEvent.SlotRequested;
import dev.flujo.event.PoolEvent.StopRequested;
import dev.flujo.event.RunnerEvent.RunnerAlive;
import dev.flujo.event.RunnerEvent.RunnerLeft;
import dev.flujo.event.Topic;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.ProcessorContext;

/** Puts what runs ask and runners say before their pool; it alone assigns. */
final class PoolProcessor extends EventProcessor {

    /** A pool that could not look at the clock for so long could not listen to its runners either. */
    private static final Duration STALL = Duration.ofSeconds(5);

    private final Rows rows;
    private final QueueReports reports = new QueueReports();
    private PoolStores stores;
    private Duration lastTick;

    PoolProcessor(
            EventCodec codec, Rows rows, OrchestratorMeters meters, WallClock clock, Function<String, InHand> notes) {
        super(codec, rows, meters, clock, PoolStores.STORE, notes);
        this.rows = rows;
    }

    @Override
    public void init(ProcessorContext<byte[], byte[]> context) {
        super.init(context);
        lastTick = steady();
        stores = new PoolStores(context, rows);
        stores.restore(now());
        context.schedule(Duration.ofSeconds(1), PunctuationType.WALL_CLOCK_TIME, at -> tick());
    }

    @Override
    List<Output> judge(Envelope envelope) {
        Event event = envelope.event();
        if (event instanceof SlotRequested e) {
            return follow(
                    e.pool(), envelope.id(), envelope.chainId(), pool(e.pool()).decideRequested(e));
        }
        if (event instanceof SlotReleased e) {
            return follow(
                    e.pool(), envelope.id(), envelope.chainId(), pool(e.pool()).decideReleased(e.attempt()));
        }
        if (event instanceof StopRequested e) {
            return follow(
                    e.pool(), envelope.id(), envelope.chainId(), pool(e.pool()).decideStop(e));
        }
        if (event instanceof LimitsSet e) {
            return follow(
                    e.pool(), envelope.id(), envelope.chainId(), pool(e.pool()).decideLimits(e));
        }
        if (event instanceof RunnerAlive e) {
            return follow(
                    e.pool(), envelope.id(), envelope.chainId(), pool(e.pool()).decideAlive(e));
        }
        if (event instanceof RunnerLeft e) {
            return follow(
                    e.pool(), envelope.id(), envelope.chainId(), pool(e.pool()).decideLeft(e));
        }
        return List.of();
    }

    @Override
    List<Output> failed(Envelope envelope, RuntimeException failure) {
        return List.of();
    }

    private Pool pool(String name) {
        return stores.pool(name);
    }

    @Override
    void leapt(Duration leap) {
        stores.shift(leap);
        stores.restore(now());
    }

    private void tick() {
        lookAtClock();
        Instant now = now();
        boolean stalled = steady().minus(lastTick).compareTo(STALL) > 0;
        lastTick = steady();
        for (Map.Entry<String, Pool> entry : stores.all().entrySet()) {
            Pool pool = entry.getValue();
            if (stalled) {
                pool.grantLeases(now);
            }
            List<Event> events = pool.decideTick(now);
            if (!events.isEmpty()) {
                UUID chainId = DerivedId.of("tick", entry.getKey());
                send(follow(entry.getKey(), "tick:" + now.toEpochMilli(), chainId, events));
            }
            reports.of(entry.getKey(), pool, now).ifPresent(report -> send(List.of(report)));
        }
    }

    private List<Output> follow(String name, String causeId, UUID chainId, List<Event> events) {
        Pool pool = pool(name);
        List<Output> outputs = new ArrayList<>();
        List<Pool.Touched> touched = new ArrayList<>();
        for (Event event : events) {
            String id = DerivedId.of("pool", name, causeId, Integer.toString(outputs.size()))
                    .toString();
            UUID chain = chainOf(pool, event, chainId);
            touched.add(pool.apply(event, chain, now()));
            output(pool, id, chain, event, outputs);
        }
        stores.keep(name, pool, touched);
        meters().pool(name, pool.waiting(), pool.free(), pool.runners().size());
        return outputs;
    }

    private void output(Pool pool, String id, UUID chain, Event event, List<Output> outputs) {
        if (event instanceof JobAssigned e) {
            Slot slot = pool.slot(e.attempt()).orElseThrow();
            WorkAssigned assignment = new WorkAssigned(e.runner(), slot.work(), now(), (int) Pool.LEASE.toSeconds());
            outputs.add(output(Topic.ASSIGNMENTS, id, chain, assignment));
            if (holdsLock(slot)) {
                outputs.add(output(Topic.POOL_FACTS, id + ":fact", chain, e));
            }
        } else if (event instanceof JobLost e) {
            outputs.add(output(Topic.POOL_FACTS, id, chain, e));
        } else if (event instanceof WorkStopped e) {
            outputs.add(output(Topic.ASSIGNMENTS, id, chain, e));
        }
    }

    /**
     * A run hears from the runner that a job has begun, one transaction sooner than from here. Only where a lock is held does
     * it have to know before: the lock of a job that may have begun is kept until its end.
     */
    private static boolean holdsLock(Slot slot) {
        return slot.lock().isPresent();
    }

    private Output output(Topic topic, String id, UUID chain, Event event) {
        return new Output(topic, Envelope.of(id, Judgement.SOURCE, now(), chain, event));
    }

    /** What is said of an attempt belongs to the chain of its run, whoever gave the occasion. */
    private static UUID chainOf(Pool pool, Event event, UUID occasion) {
        if (event instanceof JobAssigned e) {
            return pool.slot(e.attempt()).map(Slot::chainId).orElse(occasion);
        }
        if (event instanceof JobLost e) {
            return pool.slot(e.attempt()).map(Slot::chainId).orElse(occasion);
        }
        return occasion;
    }
}
