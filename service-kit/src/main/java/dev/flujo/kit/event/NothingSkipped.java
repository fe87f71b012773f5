package dev.flujo.kit.event;

import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import org.eclipse.microprofile.config.Config;

/**
 * Refuses to start a service with a reader that begins with the latest record where Kafka does not know how far it was: what came while
 * nothing consumed it would be skipped.
 */
@ApplicationScoped
class NothingSkipped {

    private static final String READERS = "mp.messaging.incoming.";
    private static final String CONNECTOR = ".connector";

    /** Comes before the topics are created, so that who has configured it wrong hears of it whether Kafka is there or not. */
    void atStart(@Observes @Priority(0) StartupEvent start, Config config) {
        for (String name : config.getPropertyNames()) {
            if (name.startsWith(READERS) && name.endsWith(CONNECTOR)) {
                check(name.substring(0, name.length() - CONNECTOR.length()) + ".auto.offset.reset", config);
            }
        }
    }

    private static void check(String setting, Config config) {
        String found = config.getOptionalValue(setting, String.class).orElse("nothing");
        if (!found.equals("earliest")) {
            throw new IllegalStateException(
                    "Expected " + setting + " as 'earliest', but found '" + found
                            + "', with which events are skipped where Kafka has forgotten how far the service was; take the setting away");
        }
    }
}
