package dev.flujo.deploy.rollout;

import dev.flujo.deploy.Environment;
import dev.flujo.deploy.Target.Version;
import dev.flujo.deploy.config.ConfigStore;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jboss.logging.Logger;

/**
 * The settings and secrets of environments while applications run there: what is new is given at once to whatever has replicas, also
 * in the middle of a rollout. Replicas are replaced once none is on its way, in each environment by itself.
 */
public final class ConfigUpkeep implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(ConfigUpkeep.class);

    private final ConfigStore store;
    private final ConfigCare care;
    private final Locks locks;
    private final LiveVersions live;
    private final Set<Environment> renewing = ConcurrentHashMap.newKeySet();
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "renewal");
        thread.setDaemon(true);
        return thread;
    });

    ConfigUpkeep(ConfigStore store, ConfigCare care, Locks locks, LiveVersions live) {
        this.store = store;
        this.care = care;
        this.locks = locks;
        this.live = live;
    }

    public ConfigStore store() {
        return store;
    }

    /** How far what serves has come with what it is to be given; empty where it wants nothing. */
    public Optional<ConfigState> state(Environment environment) throws IOException {
        Optional<Version> serving = care.serving(environment);
        return serving.isEmpty() ? Optional.empty() : care.state(serving.get());
    }

    /** Gives what is new to whatever has replicas, and begins to replace those that were started before. */
    public void look() throws IOException {
        for (Environment environment : live.environments()) {
            look(environment);
        }
    }

    /** A target that is in trouble is looked at next time. */
    private void look(Environment environment) {
        try {
            care.tidy(environment);
            for (Version other : live.besideWhatServes(environment)) {
                care.give(other);
            }
            Optional<Version> serving = care.serving(environment);
            if (serving.isPresent()) {
                care.give(serving.get());
                if (care.wantsRenewal(serving.get()) && renewing.add(environment)) {
                    threads.execute(() -> renew(environment));
                }
            }
        } catch (IOException e) {
            LOG.warnf("could not give %s its config: %s", environment, e.getMessage());
        }
    }

    private void renew(Environment environment) {
        try {
            locks.undisturbed(environment, () -> {
                Optional<Version> serving = care.serving(environment);
                if (serving.isPresent()) {
                    care.renew(serving.get());
                }
            });
        } catch (IOException | RuntimeException e) {
            LOG.warnf("could not replace the replicas of %s: %s", environment, e.getMessage());
        } finally {
            renewing.remove(environment);
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
