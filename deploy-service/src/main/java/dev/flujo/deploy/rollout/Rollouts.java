package dev.flujo.deploy.rollout;

import dev.flujo.deploy.Environment;
import dev.flujo.deploy.Facts;
import dev.flujo.deploy.Failpoint;
import dev.flujo.deploy.NotApplied;
import dev.flujo.deploy.Target;
import dev.flujo.deploy.Target.Serving;
import dev.flujo.deploy.Target.Version;
import dev.flujo.deploy.rollout.Walk.Sides;
import dev.flujo.event.Work;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Brings versions out, one after the other in each environment, each deployment at most once: applying the same one again,
 * after any interruption, goes on where it was, and one that has ended stays as it ended.
 */
public final class Rollouts {

    private static final String FENCE = "fence";

    private final Path root;
    private final Target target;
    private final Failpoint failpoint;
    private final WarmVersions warm;
    private final Map<Environment, Lock> environments = new ConcurrentHashMap<>();

    public Rollouts(Path root, Target target, Failpoint failpoint) {
        this.root = root;
        this.target = target;
        this.failpoint = failpoint;
        this.warm = new WarmVersions(root, target);
    }

    /**
     * Brings the new version up beside the old one and moves the traffic as its strategy says, until only the new one serves.
     *
     * @throws NotApplied if it was given up, and what served before serves again
     * @throws IOException if the target itself is in trouble; whether it was applied is seen when it is applied again
     */
    public Serving apply(Application application) throws NotApplied, IOException, InterruptedException {
        Environment environment = Environment.of(application.work());
        Lock lock = lock(environment);
        lock.lockInterruptibly();
        try {
            return apply(application, environment);
        } finally {
            lock.unlock();
        }
    }

    /** Ends old versions that were kept for a time that is over. */
    public void tend() throws IOException {
        for (Environment environment : warm.environments()) {
            Lock lock = lock(environment);
            if (lock.tryLock()) {
                try {
                    warm.endWhatIsOver(environment, Instant.now());
                } finally {
                    lock.unlock();
                }
            }
        }
    }

    private Lock lock(Environment environment) {
        return environments.computeIfAbsent(environment, unused -> new ReentrantLock());
    }

    private Serving apply(Application application, Environment environment)
            throws NotApplied, IOException, InterruptedException {
        Journal journal = Journal.of(root, environment, application.deployment());
        Optional<Serving> ended = journal.serving();
        if (ended.isPresent()) {
            return ended.get();
        }
        if (journal.isBack()) {
            throw Walk.givenUp(journal.progress().flatMap(Progress::back).orElseThrow());
        }
        journal.work(application.work());
        Begun begun = begun(journal, environment);
        Version fresh = new Version(application.deployment(), application.work(), begun.fence());
        Optional<Version> old = begun.before().isEmpty()
                ? Optional.empty()
                : version(environment, begun.before().get(), begun.fence());
        if (overtaken(environment, begun, application.deployment())) {
            return giveWay(journal, fresh);
        }
        Walk walk =
                new Walk(journal, new Sides(fresh, old), target, failpoint, application.progress(), application.stop());
        Serving serving = walk.walk();
        warm.settle(fresh, old);
        return journal.serving(serving);
    }

    /** What a rollout finds when it begins is settled then: it goes back to that, whatever it has done meanwhile. */
    private Begun begun(Journal journal, Environment environment) throws IOException {
        Optional<Begun> known = journal.begun();
        if (known.isPresent()) {
            return known.get();
        }
        Facts facts = new Facts(Journal.directory(root, environment));
        long fence = facts.fact(FENCE).map(Long::parseLong).orElse(0L) + 1;
        facts.replace(FENCE, Long.toString(fence));
        Begun begun =
                new Begun(fence, Instant.now(), target.serving(environment).map(Serving::deployment));
        journal.begin(begun);
        return begun;
    }

    private boolean overtaken(Environment environment, Begun begun, UUID deployment) throws IOException {
        Optional<UUID> serving = target.serving(environment).map(Serving::deployment);
        return !serving.equals(begun.before()) && !serving.equals(Optional.of(deployment));
    }

    /** A later rollout has taken over while this one was interrupted. */
    private Serving giveWay(Journal journal, Version fresh) throws NotApplied, IOException {
        Progress progress = journal.progress().orElse(Progress.beginning(Instant.now()));
        if (progress.back().isEmpty()) {
            progress = progress.goesBack("another deployment took over meanwhile", Instant.now());
            journal.progress(progress);
        }
        target.scale(fresh, 0);
        journal.end();
        throw Walk.givenUp(progress.back().orElseThrow());
    }

    private Optional<Version> version(Environment environment, UUID deployment, long fence) throws IOException {
        Optional<Work> work = Journal.of(root, environment, deployment).work();
        return work.map(known -> new Version(deployment, known, fence));
    }
}
