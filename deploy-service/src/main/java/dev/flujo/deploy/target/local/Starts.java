package dev.flujo.deploy.target.local;

import dev.flujo.event.Work;
import dev.flujo.event.plan.Deploy;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.logging.Logger;

/** Starts replicas: each once, and what has died again, but not too often. */
final class Starts {

    private static final Logger LOG = Logger.getLogger(Starts.class);

    /** A command that ends again and again is not started more often. */
    private static final Duration START_AGAIN_AFTER = Duration.ofSeconds(10);

    private final Launcher launcher;
    private final Drains drains;
    private final Map<Replica, Instant> startedAgain = new ConcurrentHashMap<>();

    Starts(Path root, Drains drains) throws IOException {
        this.launcher = new Launcher(root);
        this.drains = drains;
    }

    /** Starts the command of a release once more; a replica that was started keeps its port, and lives on. */
    void start(EnvironmentDirectory environment, Work work, Release release, Replica replica) throws IOException {
        drains.keep(replica);
        int port = replica.port();
        if (replica.directory().claimed()) {
            if (release.served()) {
                startDeadAgain(environment, replica);
            }
            return;
        }
        release.link(replica);
        Deploy deploy = work.job().deploy().orElseThrow();
        Map<String, String> variables = new LinkedHashMap<>(work.env());
        variables.put("PORT", Integer.toString(port));
        variables.put("FLUJO_PROJECT", work.project());
        variables.put("FLUJO_RUN", work.attempt().run().toString());
        variables.put("FLUJO_ENVIRONMENT", deploy.environment());
        variables.put(Release.MARK, release.deployment());
        variables.put(Replica.MARK, replica.name());
        work.revision().commit().ifPresent(commit -> variables.put("FLUJO_COMMIT", commit));
        if (deploy.config().isPresent()) {
            variables.put(
                    ConfigDirectory.VARIABLE, environment.config().current().toString());
            replica.noteConfig(environment.config().mark().orElse(""));
        }
        launcher.start(replica.directory(), deploy.start(), variables);
    }

    /** Starts a replica again that has died, unless that was done a moment ago. */
    void startDeadAgain(EnvironmentDirectory environment, Replica replica) throws IOException {
        Instant now = Instant.now();
        Instant last = startedAgain.getOrDefault(replica, Instant.EPOCH);
        if (replica.directory().ended() && last.isBefore(now.minus(START_AGAIN_AFTER))) {
            LOG.infof("starts replica %s again", replica.name());
            startedAgain.put(replica, now);
            if (replica.config().isPresent()) {
                replica.noteConfig(environment.config().mark().orElse(""));
            }
            launcher.startAgain(replica.directory());
        }
    }
}
