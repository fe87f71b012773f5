package dev.flujo.pipeline.messaging;

import dev.flujo.event.EventCodec;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/** Listens to foreign topics while the service lives; what fails begins anew with what was not heard. */
@ApplicationScoped
public class TopicThread {

    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Logger LOG = Logger.getLogger(TopicThread.class);

    private final String bootstrapServers;
    private final EventCodec codec;
    private final TopicListener listener;
    private final CountDownLatch stopping = new CountDownLatch(1);
    private final Thread thread = new Thread(this::run, "foreign-topics");

    TopicThread(
            @ConfigProperty(name = "kafka.bootstrap.servers") String bootstrapServers,
            EventCodec codec,
            TopicListener listener) {
        this.bootstrapServers = bootstrapServers;
        this.codec = codec;
        this.listener = listener;
    }

    /** After the orchestrator, which makes the topics. */
    void start(@Observes StartupEvent event) {
        thread.setDaemon(true);
        thread.start();
    }

    void stop(@Observes ShutdownEvent event) throws InterruptedException {
        stopping.countDown();
        thread.join(PATIENCE.toMillis());
    }

    private void run() {
        while (running()) {
            try (TopicSubscription subscription = new TopicSubscription(bootstrapServers, codec, listener)) {
                while (running()) {
                    subscription.listen();
                }
            } catch (RuntimeException e) {
                if (running()) {
                    LOG.warnf(e, "listening to foreign topics failed and begins anew");
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
            boolean stopped = stopping.await(PAUSE.toMillis(), TimeUnit.MILLISECONDS);
            LOG.debugf("goes on: %s", !stopped);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            stopping.countDown();
        }
    }
}
