package dev.flujo.deploy.rollout;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.flujo.deploy.Environment;
import dev.flujo.deploy.NotApplied;
import dev.flujo.deploy.Target.Serving;
import dev.flujo.deploy.TestDesk;
import dev.flujo.deploy.rollout.ModelTarget.Health;
import dev.flujo.event.Work;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Semaphore;

/**
 * One environment with everything around it, in some of the schedules on several clusters that are deployed to in waves: people who answer, abort, freeze and roll back at any moment, a target that is in
 * trouble at times, and a service that dies at any step and goes on, with what is open in any order, from what it has on disk. All
 * of it is played in one thread and follows from a seed.
 *
 * <p>Beside it {@link RolloutAccount} knows what should be so: what serves is what the newest rollout has brought that nothing spoke
 * against, nothing else is left running, and no change of the target is done twice for one rollout.
 */
final class RolloutWorld {

    static final Environment PRODUCTION = new Environment("shop", "production");
    private static final int MOST_LOOKS = 80;
    private static final Rules FREE = Rules.NONE;

    private final Random random;
    private final Path root;
    private final Tally tally;
    private final ModelWorks works;
    private final boolean waves;
    private final ModelSites target;
    private final List<Wish> wishes = new ArrayList<>();
    private final Map<UUID, Health> health = new HashMap<>();
    private final RolloutAccount account;
    private Rollouts rollouts;
    private Stays stays;
    private Optional<Wish> current = Optional.empty();
    private Instant now = Instant.parse("2026-03-01T00:00:00Z");
    private boolean kind;
    private int looks;

    /** What happened in all of the schedules, to see that each kind of thing did. */
    static final class Tally {
        int served;
        int back;
        int rolledBack;
        int takenDown;
        int killed;
        int faults;

        @Override
        public String toString() {
            return served + " deployments served, " + back + " did not, " + rolledBack + " rollbacks, " + takenDown
                    + " take-downs, " + killed
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
        this.waves = random.nextBoolean();
        this.works = new ModelWorks(random, waves);
        this.target = new ModelSites(this::moment, id -> health.getOrDefault(id, Health.WELL));
        this.account = new RolloutAccount(root, tally, target, wishes, health);
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
        assertEquals(Optional.of(last.id), account.live(), "a good release at the end serves");
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
        Walk.Ground ground = new Walk.Ground(
                target, new Analyst(target, Optional.empty()), question -> Optional.empty(), this::step, pace());
        Desk desk = TestDesk.in(root);
        stays = desk.stays();
        rollouts = new Rollouts(root, ground, desk);
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
        Optional<TakeDown> down = chance(10) ? someTakeDown() : Optional.empty();
        if (down.isPresent()) {
            return Wish.takeDown(down.get());
        }
        Optional<RollBack> back = chance(25) ? someRollBack() : Optional.empty();
        if (back.isPresent()) {
            return Wish.rollBack(back.get());
        }
        List<Work> before = wishes.stream().flatMap(wish -> wish.work.stream()).toList();
        boolean again = !before.isEmpty() && chance(25);
        Wish wish = Wish.deployment(
                works.id(), again ? works.again(before.get(random.nextInt(before.size()))) : works.fresh());
        Health how = chance(70) ? Health.WELL : waves || chance(50) ? Health.BROKEN : Health.FAILING;
        String release = UndoneReleases.release(wish.work.orElseThrow());
        Health known = wishes.stream()
                .filter(other -> other.work.map(UndoneReleases::release).equals(Optional.of(release)))
                .map(other -> health.get(other.id))
                .findFirst()
                .orElse(how);
        health.put(wish.id, known);
        return wish;
    }

    private Optional<TakeDown> someTakeDown() {
        try {
            Optional<UUID> last = stays.last(PRODUCTION);
            return last.map(deployment -> TakeDown.of(PRODUCTION, deployment, "ana", "ana took it down"))
                    .filter(wish -> wishes.stream().noneMatch(other -> other.id.equals(wish.id())));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private Optional<RollBack> someRollBack() {
        Optional<Serving> serving = target.serving(PRODUCTION);
        List<UUID> served = wishes.stream()
                .filter(wish -> wish.work.isPresent() && hasServed(wish.id))
                .map(wish -> wish.id)
                .filter(id -> serving.isPresent() && !id.equals(serving.get().deployment()))
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
        account.checkRest();
    }

    /** Whether the service has survived it. */
    private boolean carryOut(Wish wish) throws IOException {
        current = Optional.of(wish);
        looks = 0;
        try {
            account.expectRefusal(wish);
            if (wish.down.isPresent()) {
                takeDown(wish);
            } else {
                Serving serving = apply(wish);
                wish.ended = true;
                account.account();
                account.served(wish, serving);
            }
        } catch (NotApplied e) {
            wish.ended = true;
            account.account();
            account.notServed(wish, e.getMessage());
        } catch (Killed e) {
            tally.killed++;
            account.noteChanges(wish);
            start();
            return false;
        } catch (IOException e) {
            // The deployment ends in error; it is done again as its next attempt, or something else comes first.
            tally.faults++;
            account.noteChanges(wish);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        account.noteChanges(wish);
        return true;
    }

    private void takeDown(Wish wish) throws IOException, InterruptedException {
        Optional<TakenDown> taken = rollouts.takeDown(wish.down.orElseThrow());
        wish.ended = true;
        account.account();
        account.takenDown(wish, taken);
        assertEquals(taken, rollouts.takeDown(wish.down.orElseThrow()), "it is taken down once");
    }

    private Serving apply(Wish wish) throws NotApplied, IOException, InterruptedException {
        if (wish.back.isPresent()) {
            return rollouts.carryOut(wish.back.get(), line -> {});
        }
        return rollouts.apply(new Application(wish.id, wish.work.orElseThrow(), line -> {}, () -> wish.stop));
    }

    private void moment(String where) throws IOException {
        step(where);
        if (!kind && chance(2)) {
            current.ifPresent(wish -> wish.troubled = waves);
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
            account.noteChanges(wish);
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
            if (chance(1) && random.nextInt(4) == 0) {
                someTakeDown().map(Wish::takeDown).ifPresent(wishes::add);
            }
            if (chance(1) && account.live().isPresent() && random.nextInt(2) == 0) {
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

    private boolean chance(int percent) {
        return random.nextInt(100) < percent;
    }
}
