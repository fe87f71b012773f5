package dev.flujo.deploy;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.flujo.deploy.Deployments.Ground;
import dev.flujo.deploy.rollout.Stays;
import dev.flujo.deploy.rollout.TakeDown;
import dev.flujo.deploy.rollout.TakenDown;
import dev.flujo.event.CommitEvent.PullRequestChanged;
import dev.flujo.event.DeployEvent.EnvironmentDeleted;
import dev.flujo.event.EventCodec;
import dev.flujo.event.Topic;
import dev.flujo.event.Work;
import dev.flujo.kit.event.EventPublisher;
import dev.flujo.kit.event.Reports;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/**
 * The ends of environments: each is noted on disk before anything is taken away, carried out once, whatever dies, and told as an
 * event that is the same again when it is told again. What could not be done is tried again.
 */
final class TakeDowns implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(TakeDowns.class);
    private static final URI SOURCE = URI.create("/flujo/deploy-service");
    private static final ObjectMapper JSON = new EventCodec().mapper();
    private static final String OPEN = ".json";

    /** A target that is in trouble is not asked all the time. */
    private static final long AGAIN_NANOS = Duration.ofSeconds(20).toNanos();

    private final Facts facts;
    private final Ground ground;
    private final Stays stays;
    private final Deployments deployments;
    private final EventPublisher publisher;
    private final Map<UUID, Boolean> running = new ConcurrentHashMap<>();
    private final Map<UUID, Long> failed = new ConcurrentHashMap<>();
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "takedown");
        thread.setDaemon(true);
        return thread;
    });

    TakeDowns(Path root, Ground ground, Stays stays, Deployments deployments, EventPublisher publisher) {
        this.facts = new Facts(root.resolve("takedowns"));
        this.ground = ground;
        this.stays = stays;
        this.deployments = deployments;
        this.publisher = publisher;
    }

    /** Takes a wish on, once; returns when it is not forgotten any more. */
    void accept(TakeDown wish) throws IOException {
        facts.settled(wish.id() + OPEN, JSON.writeValueAsString(wish));
        begin(wish.id());
    }

    /** What is on its way for a request that is closed does not come any more. */
    void heard(PullRequestChanged request) throws IOException {
        if (!request.action().equals("closed")) {
            stays.requestOpen(request.project(), request.number());
            return;
        }
        stays.requestClosed(request.project(), request.number(), request.by());
        for (Environment environment : deployments.environments()) {
            if (environment.project().equals(request.project())
                    && stays.request(environment).equals(Optional.of(request.number()))) {
                deployments.stop(environment, "pull request " + request.number() + " was closed");
            }
        }
    }

    /** Takes on what is over, and goes on with what an earlier life or an earlier attempt has left. */
    void look() throws IOException {
        for (TakeDown wish : stays.due()) {
            if (!deployments.goesOn(wish.environment())) {
                accept(wish);
            }
        }
        for (UUID id : open()) {
            begin(id);
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }

    private List<UUID> open() throws IOException {
        if (!Files.isDirectory(facts.directory())) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(facts.directory())) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(OPEN))
                    .map(name -> UUID.fromString(name.substring(0, name.length() - OPEN.length())))
                    .sorted()
                    .toList();
        }
    }

    private void begin(UUID id) {
        Long last = failed.get(id);
        boolean paused = last != null && System.nanoTime() - last < AGAIN_NANOS;
        if (!paused && running.putIfAbsent(id, true) == null) {
            threads.execute(() -> carryOut(id));
        }
    }

    private void carryOut(UUID id) {
        try {
            Optional<String> text = facts.fact(id + OPEN);
            if (text.isPresent()) {
                TakeDown wish = JSON.readValue(text.get(), TakeDown.class);
                Optional<TakenDown> taken = ground.rollouts().takeDown(wish);
                if (taken.isPresent()) {
                    tell(wish, taken.get());
                }
                facts.forget(id + OPEN);
            }
            failed.remove(id);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException | RuntimeException e) {
            LOG.warnf("take-down %s is tried again: %s", id, e.getMessage());
            failed.put(id, System.nanoTime());
        } finally {
            running.remove(id);
        }
    }

    private void tell(TakeDown wish, TakenDown taken) throws IOException {
        LOG.infof("took down %s: %s", wish.environment(), wish.reason());
        Work work = ground.rollouts().work(wish.environment(), wish.last()).orElseThrow();
        Reports reports = new Reports(publisher, SOURCE, work.attempt(), wish.id());
        reports.send(
                Topic.DEPLOYS,
                "takendown-" + wish.id(),
                new EnvironmentDeleted(
                        wish.environment().project(),
                        wish.environment().name(),
                        wish.id(),
                        work.attempt(),
                        work.revision(),
                        wish.by(),
                        wish.reason(),
                        taken.at(),
                        taken.served()),
                taken.at());
        reports.flush();
    }
}
