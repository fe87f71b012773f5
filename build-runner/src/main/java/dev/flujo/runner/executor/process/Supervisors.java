package dev.flujo.runner.executor.process;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/** Some supervisors that wait; whoever takes one has the next one started, once its own attempt has had time to begin. */
final class Supervisors {

    private static final Logger LOG = Logger.getLogger(Supervisors.class);
    private static final long AFTERWARDS_MILLIS = 50;

    private final Jail jail;
    private final int ahead;
    private final Deque<Supervisor> waiting = new ArrayDeque<>();
    private final ScheduledExecutorService starter = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "start-supervisors");
        thread.setDaemon(true);
        return thread;
    });

    Supervisors(Jail jail, int ahead) {
        this.jail = jail;
        this.ahead = ahead;
        starter.execute(this::fill);
    }

    Supervisor take() throws IOException {
        Supervisor next = poll();
        while (next != null && !next.waits()) {
            next = poll();
        }
        starter.schedule(this::fill, AFTERWARDS_MILLIS, TimeUnit.MILLISECONDS);
        return next == null ? Supervisor.start(jail) : next;
    }

    private Supervisor poll() {
        synchronized (waiting) {
            return waiting.poll();
        }
    }

    private void fill() {
        try {
            while (count() < ahead) {
                Supervisor fresh = Supervisor.start(jail);
                synchronized (waiting) {
                    waiting.add(fresh);
                }
            }
        } catch (IOException e) {
            LOG.warnf("could not start a supervisor ahead; the next attempt will start its own: %s", e.getMessage());
        }
    }

    /** How many wait. */
    int count() {
        synchronized (waiting) {
            return waiting.size();
        }
    }
}
