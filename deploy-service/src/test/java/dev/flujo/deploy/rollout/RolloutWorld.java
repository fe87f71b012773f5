package dev.flujo.deploy.rollout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.flujo.deploy.Environment;
import dev.flujo.deploy.NotApplied;
import dev.flujo.deploy.Target.Serving;
import dev.flujo.deploy.Target.Share;
import dev.flujo.deploy.rollout.ModelTarget.Health;
import dev.flujo.event.Work;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Semaphore;

/**
 * One environment with everything around it: people who answer, abort, freeze and roll back at any moment, a target that is in
 * trouble at times, and a service that dies at any step and goes on, with what is open in any order, from what it has on disk. All
 * of it is played in one thread and follows from a seed.
 *
 * <p>Beside it the model keeps account of what should be so: what serves is what the newest rollout has brought that nothing spoke
 * against, nothing else is left running, and no change of the target is done twice for one rollout.
 */
final class RolloutWorld {

    private static final Environment PRODUCTION = new Environment("shop", "production");
    private static final int MOST_LOOKS = 80;
    private static final Rules FREE = Rules.NONE;

    private final Random random;
    private final Path root;
    private final Tally tally;
    private final ModelWorks works;
    private final ModelTarget target;
    private final List<Wish> wishes = new ArrayList<>();
    private final Map<UUID, Health> health = new HashMap<>();
    private final Set<String> undone = new HashSet<>();
    private final Set<String> done = new HashSet<>();
    private Rollouts rollouts;
    private Optional<UUID> live = Optional.empty();
    private Optional<Wish> current = Optional.empty();
    private Instant now = Instant.parse("2026-03-01T00:00:00Z");
    private boolean kind;
    private int looks;

    /** What happened in all of the schedules, to see that each kind of thing did. */
    static final class Tally {
        int served;
        int back;
        int rolledBack;
        int killed;
        int faults;

        @Override
        public String toString() {
            return served + " deployments served, " + back + " did not, " + rolledBack + " rollbacks, " + killed
                    + " crashes, " + faults + " faults of the target";
        }
    }

    /** The process is gone. */
    private static final class Killed extends Error {
        private static final long serialVersionUID = 1L;
    }

    RolloutWorld(long seed, Path root, Tally tally) {
        this.random = new Random(seed);
        this.root = root;
        this.tally = tally;
        this.works = new ModelWorks(random);
        this.target = new ModelTarget(this::moment, id -> health.getOrDefault(id, Health.WELL));
    }

    void play() throws IOException {
        start();
        int many = 4 + random.nextInt(8);
        for (int i = 0; i < many; i++) {
            wishes.add(fresh());
            carryOutAll();
            if (chance(20)) {
                rollouts.rules(PRODUCTION, someRules());
            }
            if (chance(20)) {
                now = now.plus(Duration.ofHours(2));
            }
            tend();
        }
        kind = true;
        Wish last = Wish.deployment(works.id(), works.fresh());
        wishes.add(last);
        carryOutAll();
        assertEquals(Optional.of(last.id), live, "a good release at the end serves");
    }

    /** What the service does every few seconds. */
    private void tend() {
        current = Optional.empty();
        try {
            rollouts.tend();
        } catch (Killed e) {
            tally.killed++;
            start();
        } catch (IOException e) {
            tally.faults++;
        }
        target.changes();
    }

    private void start() {
        Walk.Ground ground = new Walk.Ground(target, new Analyst(target, Optional.empty()), this::step, pace());
        rollouts = new Rollouts(root, ground);
    }

    private Pace pace() {
        return new Pace() {

            @Override
            public Instant now() {
                return now;
            }

            @Override
            public void pause(Semaphore said) {
                now = now.plusSeconds(1 + random.nextInt(30));
                target.live();
                step("pause");
                answerWhatIsAsked();
            }
        };
    }

    private Wish fresh() {
        Optional<RollBack> back = chance(25) ? someRollBack() : Optional.empty();
        if (back.isPresent()) {
            return Wish.rollBack(back.get());
        }
        List<Work> before = wishes.stream().flatMap(wish -> wish.work.stream()).toList();
        boolean again = !before.isEmpty() && chance(25);
        Wish wish = Wish.deployment(
                works.id(), again ? works.again(before.get(random.nextInt(before.size()))) : works.fresh());
        Health how = chance(70) ? Health.WELL : chance(50) ? Health.BROKEN : Health.FAILING;
        String release = UndoneReleases.release(wish.work.orElseThrow());
        Health known = wishes.stream()
                .filter(other -> other.work.map(UndoneReleases::release).equals(Optional.of(release)))
                .map(other -> health.get(other.id))
                .findFirst()
                .orElse(how);
        health.put(wish.id, known);
        return wish;
    }

    private Optional<RollBack> someRollBack() {
        Optional<Serving> serving = target.serving(PRODUCTION);
        List<UUID> served = wishes.stream()
                .filter(wish -> wish.work.isPresent() && hasServed(wish.id))
                .map(wish -> wish.id)
                .filter(id -> !id.equals(serving.orElseThrow().deployment()))
                .toList();
        return served.isEmpty()
                ? Optional.empty()
                : Optional.of(new RollBack(
                        works.id(),
                        PRODUCTION,
                        served.get(random.nextInt(served.size())),
                        serving.orElseThrow().deployment(),
                        "ana",
                        Optional.empty(),
                        now));
    }

    /** Carries out what is open, in any order after a crash, until nothing is. */
    private void carryOutAll() throws IOException {
        while (true) {
            List<Wish> open =
                    new ArrayList<>(wishes.stream().filter(wish -> !wish.ended).toList());
            if (open.isEmpty()) {
                break;
            }
            Collections.shuffle(open, random);
            for (Wish wish : open) {
                if (!carryOut(wish)) {
                    break;
                }
            }
        }
        checkRest();
    }

    /** Whether the service has survived it. */
    private boolean carryOut(Wish wish) throws IOException {
        current = Optional.of(wish);
        looks = 0;
        try {
            expectRefusal(wish);
            Serving serving = apply(wish);
            wish.ended = true;
            account();
            served(wish, serving);
        } catch (NotApplied e) {
            wish.ended = true;
            account();
            notServed(wish, e.getMessage());
        } catch (Killed e) {
            tally.killed++;
            noteChanges();
            start();
            return false;
        } catch (IOException e) {
            // The deployment ends in error; it is done again as its next attempt, or something else comes first.
            tally.faults++;
            noteChanges();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        noteChanges();
        return true;
    }

    private Serving apply(Wish wish) throws NotApplied, IOException, InterruptedException {
        if (wish.back.isPresent()) {
            return rollouts.carryOut(wish.back.get(), line -> {});
        }
        return rollouts.apply(new Application(wish.id, wish.work.orElseThrow(), line -> {}, () -> wish.stop));
    }

    private void served(Wish wish, Serving serving) throws IOException {
        assertEquals(wish.brings(), serving.deployment());
        if (wish.back.isPresent()) {
            tally.rolledBack++;
            assertTrue(!wish.aborted, () -> wish + " serves, but was aborted");
            assertEquals(
                    Optional.of(wish.back.get().undone()),
                    journal(wish).begun().orElseThrow().before());
            return;
        }
        tally.served++;
        assertTrue(!wish.aborted, () -> wish + " serves, but was aborted");
        assertTrue(!wish.refusalExpected, () -> wish + " serves, but its release was rolled back");
        assertTrue(wish.sawOpenGate || wish.promoted, () -> wish + " serves, but nobody let it through");
        assertTrue(health.get(wish.id) != Health.BROKEN, () -> wish + " serves, but is broken");
        boolean compared = journal(wish).begun().orElseThrow().before().isPresent();
        assertTrue(
                health.get(wish.id) != Health.FAILING || wish.promoted || !compared,
                () -> wish + " serves, but fails requests");
    }

    private void notServed(Wish wish, String reason) throws IOException {
        tally.back++;
        boolean overtaken = reason.startsWith("another ") && later(wish);
        if (wish.back.isPresent()) {
            boolean tooLate = !journal(wish)
                    .begun()
                    .orElseThrow()
                    .before()
                    .equals(Optional.of(wish.back.get().undone()));
            assertTrue(
                    overtaken || tooLate || wish.aborted, () -> wish + " was not applied without a cause: " + reason);
            return;
        }
        assertTrue(
                overtaken
                        || wish.refusalExpected
                        || wish.aborted
                        || wish.stop.isPresent()
                        || health.get(wish.id) != Health.WELL,
                () -> wish + " was not applied without a cause: " + reason);
    }

    /** Whether a later rollout has begun, or is about to. */
    private boolean later(Wish wish) throws IOException {
        long fence = journal(wish).begun().orElseThrow().fence();
        for (Wish other : wishes) {
            boolean goesOn = other != wish && !other.ended;
            if (goesOn
                    || journal(other)
                            .begun()
                            .filter(begun -> begun.fence() > fence)
                            .isPresent()) {
                return true;
            }
        }
        return false;
    }

    /** What the rollouts that have come to serve mean, in their order. */
    private void account() throws IOException {
        List<Wish> fresh = new ArrayList<>();
        for (Wish wish : wishes) {
            if (!wish.counted && journal(wish).serving().isPresent()) {
                fresh.add(wish);
            }
        }
        fresh.sort(Comparator.comparing(this::fence));
        for (Wish wish : fresh) {
            wish.counted = true;
            live = Optional.of(wish.brings());
            if (wish.back.isEmpty()) {
                undone.clear();
                continue;
            }
            String bad = release(wish.back.get().undone());
            undone.add(bad);
            undone.remove(release(wish.back.get().to()));
        }
    }

    private void expectRefusal(Wish wish) throws IOException {
        if (wish.work.isPresent() && journal(wish).progress().isEmpty()) {
            wish.refusalExpected = undone.contains(UndoneReleases.release(wish.work.get()));
        }
    }

    /** Nothing is on its way: only what serves has users, and nothing else runs but what is kept warm. */
    private void checkRest() throws IOException {
        account();
        assertEquals(live, target.serving(PRODUCTION).map(Serving::deployment), "what serves");
        assertEquals(
                live.map(id -> List.of(id)).orElse(List.of()),
                target.shares().stream().map(Share::deployment).toList(),
                "who has users");
        Set<UUID> running = new HashSet<>(target.replicas().keySet());
        live.ifPresent(running::remove);
        Optional<UUID> warm =
                new WarmVersions(root, new Walk.Ground(target, null, step -> {}, pace())).warm(PRODUCTION);
        warm.ifPresent(running::remove);
        assertEquals(Set.of(), running, "what else runs");
        live.ifPresent(id -> assertEquals(
                Sides.settings(new dev.flujo.deploy.Target.Version(id, work(id), 0))
                        .replicas(),
                target.replicas().get(id),
                "the replicas of what serves"));
    }

    /** No change is done twice for one rollout on its way, and none twice on its way back. */
    private void noteChanges() throws IOException {
        List<String> changes = target.changes();
        if (changes.isEmpty()) {
            return;
        }
        String way = current.orElseThrow()
                + (journal(current.orElseThrow())
                                .progress()
                                .flatMap(Progress::back)
                                .isPresent()
                        ? " back"
                        : "");
        for (String change : changes) {
            assertTrue(done.add(way + ": " + change), () -> way + " did twice: " + change);
        }
    }

    private void moment(String where) throws IOException {
        step(where);
        if (!kind && chance(2)) {
            throw new IOException("the target does not answer");
        }
    }

    /** Anything may happen here. */
    private void step(String unused) {
        if (current.isPresent()) {
            happen(current.get());
        }
        if (!kind && chance(3)) {
            throw new Killed();
        }
    }

    private void happen(Wish wish) {
        looks++;
        try {
            noteChanges();
            if (!wish.sawOpenGate && rollouts.rules(PRODUCTION).question(now).isEmpty()) {
                wish.sawOpenGate = true;
            }
            if (kind) {
                rollouts.rules(PRODUCTION, FREE);
                return;
            }
            if (looks > MOST_LOOKS) {
                rollouts.rules(PRODUCTION, FREE);
            } else if (chance(1)) {
                rollouts.rules(PRODUCTION, someRules());
            }
            if (chance(1)) {
                rollouts.ongoing(PRODUCTION).ifPresent(ongoing -> answer(ongoing, chance(40)));
            }
            if (chance(1) && random.nextInt(3) == 0) {
                wish.stop = Optional.of("cancelled by ana");
            }
            if (chance(1) && live.isPresent() && random.nextInt(2) == 0) {
                someRollBack().map(Wish::rollBack).ifPresent(wishes::add);
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private void answerWhatIsAsked() {
        Optional<Ongoing> ongoing = rollouts.ongoing(PRODUCTION);
        if (ongoing.isPresent() && ongoing.get().question().isPresent() && (kind || looks > MOST_LOOKS || chance(35))) {
            answer(ongoing.get(), kind || chance(80));
        }
    }

    private void answer(Ongoing ongoing, boolean goOn) {
        try {
            Optional<Answer> held = rollouts.answer(
                    PRODUCTION, ongoing.deployment(), ongoing.stage(), new Answer(goOn, "ben", now, Optional.empty()));
            Wish wish = current.orElseThrow();
            wish.aborted |= held.filter(answer -> !answer.goOn()).isPresent();
            wish.promoted |= held.filter(Answer::goOn).isPresent();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private Rules someRules() {
        Freeze freeze = new Freeze(
                "night",
                ZoneOffset.UTC,
                now.minusSeconds(60).atZone(ZoneOffset.UTC).toLocalDateTime().toString(),
                now.plusSeconds(600).atZone(ZoneOffset.UTC).toLocalDateTime().toString(),
                List.of());
        return new Rules(chance(30), Optional.empty(), chance(30) ? List.of(freeze) : List.of(), false);
    }

    private boolean hasServed(UUID deployment) {
        try {
            return rollouts.hasServed(PRODUCTION, deployment);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private long fence(Wish wish) {
        try {
            return journal(wish).begun().orElseThrow().fence();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private Work work(UUID deployment) {
        return wishes.stream()
                .filter(wish -> wish.id.equals(deployment))
                .findFirst()
                .flatMap(wish -> wish.work)
                .orElseThrow();
    }

    private String release(UUID deployment) {
        return UndoneReleases.release(work(deployment));
    }

    private Journal journal(Wish wish) {
        return Journal.of(root, PRODUCTION, wish.id);
    }

    private boolean chance(int percent) {
        return random.nextInt(100) < percent;
    }
}
