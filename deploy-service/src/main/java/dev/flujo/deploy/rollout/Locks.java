package dev.flujo.deploy.rollout;

import dev.flujo.deploy.Environment;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

/** One rollout at a time in each environment, and what is done to an environment only while there is none. */
final class Locks {

    private final Map<Environment, Lock> environments = new ConcurrentHashMap<>();

    /** What is done to an environment while nothing else is. */
    interface Care {
        void take() throws IOException, InterruptedException;
    }

    Lock of(Environment environment) {
        return environments.computeIfAbsent(environment, unused -> new ReentrantLock());
    }

    /** Does it now, or not at all because something else is on its way. */
    void undisturbed(Environment environment, Care care) throws IOException {
        Lock lock = of(environment);
        if (lock.tryLock()) {
            try {
                care.take();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException(
                        "Expected to look after " + environment + ", but the service is being stopped", e);
            } finally {
                lock.unlock();
            }
        }
    }
}
