package dev.flujo.deploy.rollout;

import dev.flujo.deploy.Environment;
import dev.flujo.deploy.Target.Version;
import dev.flujo.deploy.config.ConfigStore;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * The settings and secrets of environments while applications run there: what is new is given at once to whatever has replicas, also
 * in the middle of a rollout. Replicas are replaced once none is on its way, in each environment by itself.
 */
public final class ConfigUpkeep implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(ConfigUpkeep.class);

    /** A cluster that does not answer holds up no other environment for longer. */
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final ConfigStore store;
    private final ConfigCare care;
    private final Locks locks;
    private final LiveVersions live;
    private final Map<Environment, String> settled = new ConcurrentHashMap<>();
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
        List<Callable<Boolean>> looks = new ArrayList<>();
        for (Environment environment : live.environments()) {
            looks.add(() -> look(environment));
        }
        try {
            threads.invokeAll(looks, PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Nobody is asked where nothing has changed; a target that is in trouble is looked at next time. */
    private boolean look(Environment environment) {
        try {
            Optional<String> mark = care.tidied(environment);
            if (mark.isEmpty() || mark.equals(settled(environment))) {
                return true;
            }
            List<Version> versions = live.besideWhatServes(environment);
            List<Version> serving = care.servingParts(environment);
            versions.addAll(serving);
            care.forgetDebts(environment);
            boolean all = true;
            for (Version version : versions) {
                all &= given(version);
            }
            boolean renews = false;
            for (Version version : serving) {
                renews |= care.wantsRenewal(version);
            }
            if (renews && renewing.add(environment)) {
                threads.execute(() -> renew(environment));
            }
            if (all) {
                settled.put(environment, mark.get());
            }
            return all;
        } catch (IOException e) {
            LOG.warnf("could not give %s its config: %s", environment, e.getMessage());
            return false;
        }
    }

    /** Whether it has what is new, and nothing more is to be done for it; a site in trouble keeps the others from nothing. */
    private boolean given(Version version) throws IOException {
        try {
            care.give(version);
        } catch (IOException e) {
            LOG.warnf(
                    "could not give %s its config%s: %s",
                    version.environment(),
                    version.site().map(site -> " in " + site).orElse(""),
                    e.getMessage());
            return false;
        }
        return !care.wantsRenewal(version);
    }

    /** The mark that everything has; none where somebody has not been told of it. */
    private Optional<String> settled(Environment environment) {
        return care.owes(environment) ? Optional.empty() : Optional.ofNullable(settled.get(environment));
    }

    private void renew(Environment environment) {
        try {
            locks.undisturbed(environment, () -> {
                for (Version version : care.servingParts(environment)) {
                    care.renew(version);
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
