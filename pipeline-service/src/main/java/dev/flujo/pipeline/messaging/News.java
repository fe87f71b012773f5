package dev.flujo.pipeline.messaging;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Tells those who follow a run (by its id) or a log (by its attempt) that there is more of it in the history. Only what this
 * replica has written itself; followers look from time to time for what others have.
 */
@ApplicationScoped
public class News {

    private final Map<Object, Set<Runnable>> followers = new ConcurrentHashMap<>();

    /** Calls back at each change until the subscription is closed. */
    public Subscription follow(Object subject, Runnable wake) {
        followers.compute(subject, (key, present) -> {
            Set<Runnable> all = present == null ? ConcurrentHashMap.newKeySet() : present;
            all.add(wake);
            return all;
        });
        return () -> followers.computeIfPresent(subject, (key, present) -> {
            present.remove(wake);
            return present.isEmpty() ? null : present;
        });
    }

    void publish(Object subject) {
        followers.getOrDefault(subject, Set.of()).forEach(Runnable::run);
    }

    /** An interest that can be given up. */
    public interface Subscription extends AutoCloseable {

        @Override
        void close();
    }
}
