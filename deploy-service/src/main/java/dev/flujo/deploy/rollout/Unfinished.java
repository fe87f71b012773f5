package dev.flujo.deploy.rollout;

import dev.flujo.deploy.Environment;
import dev.flujo.deploy.Facts;
import dev.flujo.deploy.Target.Serving;
import dev.flujo.deploy.Target.Version;
import dev.flujo.event.Work;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * The rollouts of an environment that were begun and have not come to their end, because the service died or the target was in
 * trouble. Before another one begins, each of them ends: what was promoted serves, what was not goes back, and what
 * was to be taken down is.
 */
final class Unfinished {

    private final Path root;
    private final Walk.Ground ground;
    private final Endings endings;
    private final TakingDown takingDown;

    Unfinished(Path root, Walk.Ground ground, Endings endings, TakingDown takingDown) {
        this.root = root;
        this.ground = ground;
        this.endings = endings;
        this.takingDown = takingDown;
    }

    /** Notes that a rollout is about to begin. */
    void add(Environment environment, UUID rollout) throws IOException {
        facts(environment).settled(rollout.toString(), "begun");
    }

    /** Brings those to their end that were begun before. */
    void end(Environment environment) throws IOException, InterruptedException {
        for (UUID rollout : rollouts(environment)) {
            Journal journal = Journal.of(root, environment, rollout);
            boolean over = journal.serving().isPresent()
                    || journal.isBack()
                    || journal.takenDown().isPresent();
            Optional<TakeDown> takeDown = journal.takeDown();
            if (journal.begun().isPresent() && !over && takeDown.isPresent()) {
                takingDown.finish(journal, takeDown.get());
            } else if (journal.begun().isPresent() && !over) {
                end(environment, rollout, journal);
            }
            facts(environment).forget(rollout.toString());
        }
    }

    private void end(Environment environment, UUID rollout, Journal journal) throws IOException, InterruptedException {
        Begun begun = journal.begun().orElseThrow();
        Optional<RollBack> wish = journal.rollBack();
        Version fresh = version(environment, wish.map(RollBack::to).orElse(rollout), begun)
                .orElseThrow();
        Optional<Version> old = begun.before().isEmpty()
                ? Optional.empty()
                : version(environment, begun.before().get(), begun);
        Progress progress =
                journal.progress().orElse(Progress.beginning(ground.pace().now()));
        Optional<UUID> now = ground.target().serving(environment).map(Serving::deployment);
        boolean overtaken = !now.equals(begun.before()) && !now.equals(Optional.of(fresh.deployment()));
        if (progress.promoted().isPresent() && !overtaken) {
            Serving serving =
                    Walk.promote(new Sides(fresh, old), progress.promoted().get(), ground.target());
            if (wish.isPresent()) {
                endings.rolledBack(journal, wish.get(), fresh, old.orElseThrow(), serving);
            } else {
                endings.deployed(journal, fresh, old, serving);
            }
            return;
        }
        if (progress.back().isEmpty()) {
            journal.progress(progress.goesBack(
                    "another rollout began before it took over", ground.pace().now()));
        }
        boolean refused = wish.isPresent() ? !begun.before().equals(wish.map(RollBack::undone)) : !journal.hasGate();
        if (!refused && overtaken) {
            Legs.end(fresh, ground.target());
        } else if (!refused) {
            new WayBack(touched(journal, new Sides(fresh, old), progress), ground).go();
        }
        journal.end();
    }

    private List<Sides> touched(Journal journal, Sides sides, Progress progress) throws IOException {
        if (journal.rollBack().isPresent()) {
            return Legs.back(sides, ground.target()).touched(progress.stage());
        }
        Legs legs = Legs.of(sides, ground.target());
        return (journal.gated(false) ? legs.behindGate() : legs).touched(progress.stage());
    }

    private List<UUID> rollouts(Environment environment) throws IOException {
        Path directory = facts(environment).directory();
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> !name.endsWith(".tmp"))
                    .map(UUID::fromString)
                    .sorted()
                    .toList();
        }
    }

    private Optional<Version> version(Environment environment, UUID deployment, Begun begun) throws IOException {
        Optional<Work> work = Journal.of(root, environment, deployment).work();
        return work.map(known -> new Version(deployment, known, begun.fence()));
    }

    private Facts facts(Environment environment) {
        return new Facts(Journal.directory(root, environment).resolve("unfinished"));
    }
}
