package dev.flujo.pipeline.messaging;

import dev.flujo.event.EventCodec;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Listens to foreign topics while the service lives; what fails begins anew with what was not heard. */
@ApplicationScoped
public class TopicThread {

    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final ListeningThread thread;

    TopicThread(
            @ConfigProperty(name = "kafka.bootstrap.servers") String bootstrapServers,
            EventCodec codec,
            TopicListener listener) {
        this.thread = new ListeningThread("foreign-topics", PAUSE, goesOn -> {
            try (TopicSubscription subscription = new TopicSubscription(bootstrapServers, codec, listener)) {
                while (goesOn.getAsBoolean()) {
                    subscription.listen();
                }
            }
        });
    }

    /** After the orchestrator, which makes the topics. */
    void start(@Observes StartupEvent event) {
        thread.start();
    }

    void stop(@Observes ShutdownEvent event) throws InterruptedException {
        thread.stop();
    }
}
