package dev.flujo.deploy.rollout;

import dev.flujo.deploy.Environment;
import dev.flujo.deploy.Facts;
import dev.flujo.deploy.NotApplied;
import dev.flujo.deploy.Target;
import dev.flujo.deploy.Target.Serving;
import dev.flujo.deploy.Target.Version;
import dev.flujo.deploy.Waves;
import dev.flujo.event.DriftEvent.DriftDetected;
import dev.flujo.event.Work;
import dev.flujo.kit.process.Failpoint;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Lock;
import java.util.function.Consumer;

/**
 * Brings versions out, one after the other in each environment, each deployment at most once: applying the same one again,
 * after any interruption, goes on where it was, and one that has ended stays as it ended.
 */
public final class Rollouts {

    /** The number of the newest rollout of an environment. */
    static final String FENCE = "fence";

    private final Path root;
    private final Target target;
    private final Walk.Ground ground;
    private final WarmVersions warm;
    private final UndoneReleases undone;
    private final RuleBook book;
    private final Endings endings;
    private final Unfinished unfinished;
    private final DriftWatch drift;
    private final Stays stays;
    private final TakingDown takingDown;
    private final Locks locks = new Locks();
    private final ConfigCare care;
    private final ConfigUpkeep config;
    private final Map<Environment, Walk> walks = new ConcurrentHashMap<>();

    /** @param prometheus where analyses ask theirs, if there is one */
    public Rollouts(Path root, Target target, Optional<URI> prometheus, Failpoint failpoint, Desk desk) {
        this(root, new Walk.Ground(target, new Analyst(target, prometheus), desk.jobs(), failpoint, Pace.REAL), desk);
    }

    Rollouts(Path root, Walk.Ground ground, Desk desk) {
        this.root = root;
        this.target = ground.target();
        this.ground = ground;
        this.warm = new WarmVersions(root, ground);
        this.undone = new UndoneReleases(root);
        this.book = new RuleBook(root);
        this.endings = new Endings(warm, undone, book);
        this.drift = new DriftWatch(root, ground, book);
        this.stays = desk.stays();
        this.takingDown = new TakingDown(root, ground, endings, drift, stays);
        this.unfinished = new Unfinished(root, ground, endings, takingDown);
        this.care = new ConfigCare(root, ground, desk);
        this.config = new ConfigUpkeep(desk.store(), care, locks, new LiveVersions(root, target, drift, walks, warm));
    }

    /**
     * Brings the new version up beside the old one and moves the traffic as its strategy says, until only the new one serves.
     *
     * @throws NotApplied if it was given up, and what served before serves again
     * @throws IOException if the target itself is in trouble; whether it was applied is seen when it is applied again
     */
    public Serving apply(Application application) throws NotApplied, IOException, InterruptedException {
        Environment environment = Environment.of(application.work());
        Lock lock = locks.of(environment);
        lock.lockInterruptibly();
        try {
            return apply(application, environment);
        } finally {
            lock.unlock();
        }
    }

    /** What is on its way in an environment, if anything is. */
    public Optional<Ongoing> ongoing(Environment environment) {
        return Optional.ofNullable(walks.get(environment)).map(Walk::ongoing);
    }

    /**
     * Lets the rollout of a deployment go on from this stage, or back; what was said of it first holds, and is returned. Empty
     * where no such rollout is in such a stage.
     */
    public Optional<Answer> answer(Environment environment, UUID deployment, int stage, Answer answer)
            throws IOException {
        Walk walk = walks.get(environment);
        return walk == null || !walk.ongoing().deployment().equals(deployment)
                ? Optional.empty()
                : walk.answer(stage, answer);
    }

    /** Ends old versions that were kept for a time that is over. */
    public void tend() throws IOException {
        for (Environment environment : warm.environments()) {
            locks.undisturbed(environment, () -> warm.endWhatIsOver(environment));
        }
    }

    /** Compares what serves with what was applied, wherever nothing is on its way, and tells what is new. */
    public void lookForDrift(Consumer<DriftDetected> told) throws IOException {
        for (Environment environment : drift.environments()) {
            locks.undisturbed(environment, () -> drift.look(environment, told));
        }
    }

    /** The settings and secrets of environments, and how far they have come. */
    public ConfigUpkeep config() {
        return config;
    }

    /** In what an environment was not as it was applied when that was looked at last. */
    public Optional<Drift> drift(Environment environment) throws IOException {
        return drift.drift(environment);
    }

    /**
     * Lets an earlier deployment serve again, at once: where its replicas are still there it is a switch, else they are started
     * from what they were. What is undone does not come back before something newer has served.
     *
     * @throws NotApplied if the earlier version does not become healthy, or another one took over meanwhile
     */
    public Serving carryOut(RollBack wish, Consumer<String> told) throws NotApplied, IOException, InterruptedException {
        Lock lock = locks.of(wish.environment());
        lock.lockInterruptibly();
        try {
            return rollBack(wish, told);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Takes an environment down, once; nothing of it is left on the target. Empty where something newer has been deployed there than
     * was meant.
     */
    public Optional<TakenDown> takeDown(TakeDown wish) throws IOException, InterruptedException {
        Lock lock = locks.of(wish.environment());
        lock.lockInterruptibly();
        try {
            Journal journal = Journal.of(root, wish.environment(), wish.id());
            Optional<TakenDown> ended = journal.takenDown();
            if (ended.isPresent() || (journal.begun().isEmpty() && !takingDown.isMeant(wish))) {
                return ended;
            }
            journal.takeDown(wish);
            begun(journal, wish.environment(), wish.id());
            return Optional.of(takingDown.finish(journal, wish));
        } finally {
            lock.unlock();
        }
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
        Begun begun = begun(journal, environment, application.deployment());
        Version fresh = new Version(application.deployment(), application.work(), begun.fence());
        Optional<Version> old = begun.before().isEmpty()
                ? Optional.empty()
                : version(environment, begun.before().get(), begun.fence());
        if (overtaken(environment, begun, application.deployment())) {
            return giveWay(journal, fresh);
        }
        if (journal.progress().isEmpty()) {
            Optional<String> refusal = refusal(fresh, application, begun);
            if (refusal.isPresent()) {
                return refused(journal, refusal.get());
            }
        }
        Sides sides = new Sides(fresh, old);
        Position position = new Position(journal, application.progress(), application.stop(), ground.pace());
        Rules rules = book.rules(environment);
        boolean gated = journal.gated(rules.approval() || !rules.freezes().isEmpty());
        Optional<Gate> gate = gated ? Optional.of(() -> book.rules(environment)) : Optional.empty();
        Walk walk = new Walk(position, sides, gate, Legs.of(sides, target), care::giveBeforeItStarts, ground);
        Serving serving = walked(environment, walk);
        return endings.deployed(journal, fresh, old, serving);
    }

    private Optional<String> refusal(Version fresh, Application application, Begun begun) throws IOException {
        Environment environment = fresh.environment();
        Work work = fresh.work();
        Optional<String> refusal = book.missing(environment, work);
        if (refusal.isEmpty()) {
            refusal = undone.refusal(environment, work);
        }
        if (refusal.isEmpty()) {
            refusal = target.refusal(fresh);
        }
        return refusal.isPresent()
                ? refusal
                : stays.refusal(
                        environment,
                        application.deployment(),
                        work,
                        begun.before().isEmpty());
    }

    /** What holds for every deployment to an environment. */
    public Rules rules(Environment environment) throws IOException {
        return book.rules(environment);
    }

    /** Sets what holds from now on, also for what waits already. */
    public void rules(Environment environment, Rules rules) throws IOException {
        book.rules(environment, rules);
    }

    private Serving walked(Environment environment, Walk walk) throws NotApplied, IOException, InterruptedException {
        walks.put(environment, walk);
        try {
            return walk.walk();
        } finally {
            walks.remove(environment);
            stays.ended(environment, walk.ongoing().deployment());
        }
    }

    private Serving refused(Journal journal, String reason) throws NotApplied, IOException {
        Progress progress = Progress.beginning(ground.pace().now())
                .goesBack(reason, ground.pace().now());
        journal.progress(progress);
        journal.end();
        throw Walk.givenUp(progress.back().orElseThrow());
    }

    private Serving rollBack(RollBack wish, Consumer<String> told)
            throws NotApplied, IOException, InterruptedException {
        Environment environment = wish.environment();
        Journal journal = Journal.of(root, environment, wish.id());
        Optional<Serving> ended = journal.serving();
        if (ended.isPresent()) {
            return ended.get();
        }
        if (journal.isBack()) {
            throw Walk.givenUp(journal.progress().flatMap(Progress::back).orElseThrow());
        }
        journal.rollBack(wish);
        Begun begun = begun(journal, environment, wish.id());
        Version again = version(environment, wish.to(), begun.fence()).orElseThrow();
        Version bad = version(environment, wish.undone(), begun.fence()).orElseThrow();
        if (!begun.before().equals(Optional.of(wish.undone()))) {
            return refused(journal, "another deployment took over meanwhile");
        }
        if (overtaken(environment, begun, wish.to())) {
            return giveWay(journal, again);
        }
        Sides sides = new Sides(again, Optional.of(bad));
        Walk walk = new Walk(
                new Position(journal, told, Optional::empty, ground.pace()),
                sides,
                Optional.empty(),
                Legs.back(sides, target),
                care::giveAnew,
                ground);
        Serving serving = walked(environment, walk);
        return endings.rolledBack(journal, wish, again, bad, serving);
    }

    /** The work that a deployment brought, if it is known here. */
    public Optional<Work> work(Environment environment, UUID deployment) throws IOException {
        return Journal.of(root, environment, deployment).work();
    }

    /** The clusters and namespaces that a deployment comes to, wave by wave; none on a target without clusters. */
    public Waves waves(Environment environment, UUID deployment) throws IOException {
        Optional<Version> version = version(environment, deployment, 0);
        return new Waves(version.map(known -> Legs.groups(known, target)).orElse(List.of()));
    }

    /** Whether a deployment has come to serve once in the environment that is there now. */
    public boolean hasServed(Environment environment, UUID deployment) throws IOException {
        Journal journal = Journal.of(root, environment, deployment);
        Optional<Begun> begun = journal.begun();
        return journal.serving().isPresent() && begun.isPresent() && takingDown.isSince(environment, begun.get());
    }

    /** What a rollout finds when it begins is settled then: it goes back to that, whatever it has done meanwhile. */
    private Begun begun(Journal journal, Environment environment, UUID rollout)
            throws IOException, InterruptedException {
        Optional<Begun> known = journal.begun();
        if (known.isPresent()) {
            return known.get();
        }
        unfinished.end(environment);
        unfinished.add(environment, rollout);
        Facts facts = new Facts(Journal.directory(root, environment));
        long fence = facts.fact(FENCE).map(Long::parseLong).orElse(0L) + 1;
        facts.replace(FENCE, Long.toString(fence));
        Begun begun = new Begun(
                fence, ground.pace().now(), target.serving(environment).map(Serving::deployment));
        journal.begin(begun);
        return begun;
    }

    private boolean overtaken(Environment environment, Begun begun, UUID deployment) throws IOException {
        Optional<UUID> serving = target.serving(environment).map(Serving::deployment);
        return !serving.equals(begun.before()) && !serving.equals(Optional.of(deployment));
    }

    /** A later rollout has taken over while this one was interrupted. */
    private Serving giveWay(Journal journal, Version fresh) throws NotApplied, IOException {
        Progress progress =
                journal.progress().orElse(Progress.beginning(ground.pace().now()));
        if (progress.back().isEmpty()) {
            progress = progress.goesBack(
                    "another deployment took over meanwhile", ground.pace().now());
            journal.progress(progress);
        }
        Legs.end(fresh, target);
        journal.end();
        throw Walk.givenUp(progress.back().orElseThrow());
    }

    private Optional<Version> version(Environment environment, UUID deployment, long fence) throws IOException {
        Optional<Work> work = Journal.of(root, environment, deployment).work();
        return work.map(known -> new Version(deployment, known, fence));
    }
}
