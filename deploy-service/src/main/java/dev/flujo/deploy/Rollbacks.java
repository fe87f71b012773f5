package dev.flujo.deploy;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.flujo.deploy.Deployments.Ground;
import dev.flujo.deploy.Target.Serving;
import dev.flujo.deploy.rollout.RollBack;
import dev.flujo.event.DeployEvent.DeploymentFailed;
import dev.flujo.event.DeployEvent.ServiceRolledBack;
import dev.flujo.event.EventCodec;
import dev.flujo.event.Topic;
import dev.flujo.event.Work;
import dev.flujo.kit.event.EventPublisher;
import dev.flujo.kit.event.Reports;
import dev.flujo.kit.process.Failpoint;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/**
 * The rollbacks of this service: each is noted on disk before anybody is told that it will happen, carried out once, whatever
 * dies, and told as an event that is the same again when it is told again.
 */
final class Rollbacks implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(Rollbacks.class);
    private static final URI SOURCE = URI.create("/flujo/deploy-service");
    private static final ObjectMapper JSON = new EventCodec().mapper();
    private static final String OPEN = ".json";

    private final Facts facts;
    private final Ground ground;
    private final EventPublisher publisher;
    private final Failpoint failpoint;
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "rollback");
        thread.setDaemon(true);
        return thread;
    });

    Rollbacks(Path root, Ground ground, EventPublisher publisher, Failpoint failpoint) {
        this.facts = new Facts(root.resolve("rollbacks"));
        this.ground = ground;
        this.publisher = publisher;
        this.failpoint = failpoint;
    }

    /** Takes a wish on, once; returns when it is not forgotten any more. */
    void accept(RollBack wish) throws IOException {
        if (facts.fact(wish.id() + ".done").isPresent()
                || facts.fact(wish.id() + OPEN).isPresent()) {
            return;
        }
        facts.settled(wish.id() + OPEN, JSON.writeValueAsString(wish));
        failpoint.pass("rollback.noted");
        threads.execute(() -> carryOut(wish));
    }

    /** Goes on with what an earlier life of the service has taken on. */
    void takeUp() throws IOException {
        if (!Files.isDirectory(facts.directory())) {
            return;
        }
        List<Path> open;
        try (Stream<Path> files = Files.list(facts.directory())) {
            open = files.filter(file -> file.toString().endsWith(OPEN)).sorted().toList();
        }
        for (Path file : open) {
            RollBack wish = JSON.readValue(Files.readAllBytes(file), RollBack.class);
            LOG.infof("goes on with rollback %s", wish.id());
            threads.execute(() -> carryOut(wish));
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }

    private void carryOut(RollBack wish) {
        try {
            tell(wish);
            facts.settled(wish.id() + ".done", wish.at().toString());
            facts.forget(wish.id() + OPEN);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException | RuntimeException e) {
            LOG.errorf(e, "rollback %s was not brought to its end", wish.id());
        }
    }

    private void tell(RollBack wish) throws IOException, InterruptedException {
        Work work = ground.rollouts().work(wish.environment(), wish.to()).orElseThrow();
        Reports reports = new Reports(publisher, SOURCE, work.attempt(), wish.id());
        try {
            Serving serving = ground.rollouts().carryOut(wish, line -> LOG.infof("rollback %s: %s", wish.id(), line));
            failpoint.pass("rollback.applied");
            reports.send(
                    Topic.DEPLOYS,
                    "rolledback-" + wish.id(),
                    new ServiceRolledBack(
                            work.project(),
                            wish.environment().name(),
                            wish.to(),
                            work.attempt(),
                            work.pipeline(),
                            DeployedArtifact.of(work),
                            work.revision(),
                            wish.by(),
                            serving.address(),
                            serving.since(),
                            wish.undone(),
                            wish.reason()));
        } catch (NotApplied e) {
            reports.send(
                    Topic.DEPLOYS,
                    "rolledback-" + wish.id(),
                    new DeploymentFailed(
                            work.project(),
                            wish.environment().name(),
                            wish.id(),
                            work.attempt(),
                            work.revision(),
                            wish.by(),
                            "the rollback was not applied: " + e.getMessage(),
                            ground.target().serving(wish.environment()).map(Serving::deployment)),
                    e.at());
        }
        reports.flush();
    }
}
