package dev.flujo.metrics.messaging;

import dev.flujo.kit.event.TransientFailure;
import dev.flujo.metrics.Facts;
import dev.flujo.metrics.Numbers;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.common.errors.RetriableException;
import org.jboss.logging.Logger;

/**
 * Empties the facts and reads the log again from its start. The consumers go on meanwhile: what they write before the
 * emptying lies before the end that the reader notes after it, and so is read again; what they write later stays. A rebuild
 * that its process did not live to end is begun again when one starts.
 */
@ApplicationScoped
public class Rebuild {

    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final Logger LOG = Logger.getLogger(Rebuild.class);

    private final Facts facts;
    private final Numbers numbers;
    private final LogReader log;
    private final TransientFailure transientFailure;
    private final Clock clock;
    private final AtomicBoolean running = new AtomicBoolean();
    private final ExecutorService thread = Executors.newSingleThreadExecutor(task -> {
        Thread named = new Thread(task, "rebuild");
        named.setDaemon(true);
        return named;
    });
    private volatile RebuildStatus status = RebuildStatus.NEVER;

    Rebuild(Facts facts, Numbers numbers, LogReader log, TransientFailure transientFailure, Clock clock) {
        this.facts = facts;
        this.numbers = numbers;
        this.log = log;
        this.transientFailure = transientFailure;
        this.clock = clock;
    }

    void atStart(@Observes @Priority(3) StartupEvent start) {
        if (facts.rebuilding()) {
            LOG.info("a rebuild was not ended; it begins again");
            begin();
        }
    }

    void atStop(@Observes ShutdownEvent stop) {
        thread.shutdownNow();
    }

    /** Begins a rebuild; false if one is running in this process already. */
    public boolean begin() {
        if (!running.compareAndSet(false, true)) {
            return false;
        }
        status = RebuildStatus.started(clock.instant());
        thread.execute(this::run);
        return true;
    }

    public RebuildStatus status() {
        return status;
    }

    private void run() {
        try {
            untilDone(() -> {
                facts.setRebuilding(true);
                facts.empty();
                numbers.forget();
                log.readAll((read, inLog) -> status = status.progress(read, inLog));
            });
            numbers.forget();
            untilDone(() -> facts.setRebuilding(false));
            status = status.ended(RebuildStatus.State.DONE, clock.instant(), null);
            LOG.infof("rebuilt from %d records", status.recordsRead());
        } catch (RuntimeException e) {
            LOG.error("the rebuild stopped", e);
            status = status.ended(
                    RebuildStatus.State.STOPPED,
                    clock.instant(),
                    "Expected to read the log to its end, but the rebuild stopped; start it again. See the log of the"
                            + " service");
        } finally {
            running.set(false);
        }
    }

    /** A database or broker that is away comes back; then everything is done once more from the start. */
    private void untilDone(Runnable work) {
        while (true) {
            try {
                work.run();
                if (Thread.currentThread().isInterrupted()) {
                    throw new IllegalStateException("Expected to end the rebuild, but the service is being stopped");
                }
                return;
            } catch (RuntimeException e) {
                if (Thread.currentThread().isInterrupted() || !passes(e)) {
                    throw e;
                }
                LOG.warnf("the rebuild begins again: %s", e);
                LockSupport.parkNanos(PAUSE.toNanos());
            }
        }
    }

    private boolean passes(RuntimeException e) {
        return e instanceof RetriableException || transientFailure.passes(e);
    }
}
