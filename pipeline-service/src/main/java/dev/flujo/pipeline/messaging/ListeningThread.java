package dev.flujo.pipeline.messaging;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jboss.logging.Logger;

/** A thread that listens to topics beside the channels while the service lives; what fails begins anew after a pause. */
public final class ListeningThread {

    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Logger LOG = Logger.getLogger(ListeningThread.class);

    /** Listens as long as it is to, and closes what it listens with. */
    public interface Listening {

        void listen(BooleanSupplier goesOn);
    }

    private final String name;
    private final Duration pause;
    private final Listening listening;
    private final CountDownLatch stopping = new CountDownLatch(1);
    private final Thread thread;

    public ListeningThread(String name, Duration pause, Listening listening) {
        this.name = name;
        this.pause = pause;
        this.listening = listening;
        this.thread = new Thread(this::run, name);
        thread.setDaemon(true);
    }

    public void start() {
        thread.start();
    }

    public void stop() throws InterruptedException {
        stopping.countDown();
        thread.join(PATIENCE.toMillis());
    }

    private void run() {
        while (running()) {
            try {
                listening.listen(this::running);
            } catch (RuntimeException e) {
                if (running()) {
                    LOG.warnf(e, "listening (%s) failed and begins anew", name);
                    pause();
                }
            }
        }
    }

    private boolean running() {
        return stopping.getCount() > 0;
    }

    private void pause() {
        try {
            boolean stopped = stopping.await(pause.toMillis(), TimeUnit.MILLISECONDS);
            LOG.debugf("goes on: %s", !stopped);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            stopping.countDown();
        }
    }
}
