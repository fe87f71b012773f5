package dev.flujo.deploy.rollout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.flujo.deploy.Environment;
import dev.flujo.deploy.Site;
import dev.flujo.deploy.Target.Serving;
import dev.flujo.deploy.Target.Share;
import dev.flujo.deploy.Target.Version;
import dev.flujo.deploy.rollout.ModelTarget.Health;
import dev.flujo.event.Work;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** What should be so in a {@link RolloutWorld}, by what its people have wanted and said. */
final class RolloutAccount {

    private static final Environment PRODUCTION = RolloutWorld.PRODUCTION;

    private final Path root;
    private final RolloutWorld.Tally tally;
    private final ModelSites target;
    private final List<Wish> wishes;
    private final Map<UUID, Health> health;
    private final Set<String> undone = new HashSet<>();
    private final Set<String> done = new HashSet<>();
    private Optional<UUID> live = Optional.empty();

    RolloutAccount(
            Path root, RolloutWorld.Tally tally, ModelSites target, List<Wish> wishes, Map<UUID, Health> health) {
        this.root = root;
        this.tally = tally;
        this.target = target;
        this.wishes = wishes;
        this.health = health;
    }

    /** The deployment that should serve. */
    Optional<UUID> live() {
        return live;
    }

    void takenDown(Wish wish, Optional<TakenDown> taken) {
        if (taken.isPresent()) {
            tally.takenDown++;
            return;
        }
        assertTrue(
                wishes.stream()
                        .anyMatch(other -> other.work.isPresent()
                                && !other.id.equals(wish.down.get().last())),
                () -> wish + " was not carried out, though nothing newer has come");
    }

    void served(Wish wish, Serving serving) throws IOException {
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

    void notServed(Wish wish, String reason) throws IOException {
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
                        || wish.troubled
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
    void account() throws IOException {
        List<Wish> fresh = new ArrayList<>();
        for (Wish wish : wishes) {
            boolean over = journal(wish).serving().isPresent()
                    || journal(wish).takenDown().isPresent();
            if (!wish.counted && over) {
                fresh.add(wish);
            }
        }
        fresh.sort(Comparator.comparing(this::fence));
        for (Wish wish : fresh) {
            wish.counted = true;
            if (wish.down.isPresent()) {
                live = Optional.empty();
                undone.clear();
                continue;
            }
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

    void expectRefusal(Wish wish) throws IOException {
        if (wish.work.isPresent() && journal(wish).progress().isEmpty()) {
            wish.refusalExpected = undone.contains(UndoneReleases.release(wish.work.get()));
        }
    }

    /** Nothing is on its way: only what serves has users, and nothing else runs but what is kept warm. */
    void checkRest() throws IOException {
        account();
        assertEquals(live, target.serving(PRODUCTION).map(Serving::deployment), "what serves");
        Optional<UUID> warm = new WarmVersions(
                        root, new Walk.Ground(target, null, question -> Optional.empty(), step -> {}, Pace.REAL))
                .warm(PRODUCTION);
        List<Optional<Site>> reached = live.map(this::sites).orElse(List.of());
        target.grounds().forEach((site, ground) -> checkRest(site, ground, reached.contains(site), warm));
    }

    private void checkRest(Optional<Site> site, ModelTarget ground, boolean reached, Optional<UUID> warm) {
        Optional<UUID> wanted = live.filter(unused -> reached);
        if (reached) {
            assertEquals(live, ground.serving(PRODUCTION).map(Serving::deployment), "what serves in " + site);
            assertEquals(
                    live.stream().toList(),
                    ground.shares().stream().map(Share::deployment).toList(),
                    "who has users in " + site);
        }
        Set<UUID> running = new HashSet<>(ground.replicas().keySet());
        wanted.ifPresent(running::remove);
        warm.ifPresent(running::remove);
        assertEquals(Set.of(), running, "what else runs in " + site);
        wanted.ifPresent(id -> assertEquals(
                Sides.settings(new Version(id, work(id), 0)).replicas(),
                ground.replicas().get(id),
                "the replicas of what serves in " + site));
    }

    private List<Optional<Site>> sites(UUID deployment) {
        return ModelSites.sites(work(deployment).job().deploy().orElseThrow());
    }

    /** No change is done twice for one rollout on its way, and none twice on its way back. */
    void noteChanges(Wish wish) throws IOException {
        List<String> changes = target.changes();
        if (changes.isEmpty()) {
            return;
        }
        Wish doing = journal(wish).begun().isPresent() ? wish : newest().orElse(wish);
        String way = doing + (journal(doing).progress().flatMap(Progress::back).isPresent() ? " back" : "");
        for (String change : changes) {
            assertTrue(done.add(way + ": " + change), () -> way + " did twice: " + change);
        }
    }

    /** The rollout that began last: what has not begun yet brings that one to its end first. */
    private Optional<Wish> newest() throws IOException {
        Optional<Wish> newest = Optional.empty();
        for (Wish wish : wishes) {
            if (journal(wish).begun().isPresent()
                    && newest.filter(other -> fence(other) > fence(wish)).isEmpty()) {
                newest = Optional.of(wish);
            }
        }
        return newest;
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
}
