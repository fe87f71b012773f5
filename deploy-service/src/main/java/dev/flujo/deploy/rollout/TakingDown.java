package dev.flujo.deploy.rollout;

import dev.flujo.deploy.Environment;
import dev.flujo.deploy.Facts;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;

/** Leaves nothing of an environment but what people have set for it. Whoever was interrupted begins it again. */
final class TakingDown {

    /** The number of the rollout that took the environment down last. */
    private static final String DOWN = "down";

    private final Path root;
    private final Walk.Ground ground;
    private final Endings endings;
    private final DriftWatch drift;
    private final Stays stays;

    TakingDown(Path root, Walk.Ground ground, Endings endings, DriftWatch drift, Stays stays) {
        this.root = root;
        this.ground = ground;
        this.endings = endings;
        this.drift = drift;
        this.stays = stays;
    }

    /** Whether nothing newer has come than was meant to be taken down. */
    boolean isMeant(TakeDown wish) throws IOException {
        Optional<UUID> last = stays.last(wish.environment());
        return last.isPresent()
                ? last.get().equals(wish.last())
                : ground.target()
                        .serving(wish.environment())
                        .filter(serving -> serving.deployment().equals(wish.last()))
                        .isPresent();
    }

    TakenDown finish(Journal journal, TakeDown wish) throws IOException {
        Environment environment = wish.environment();
        Begun begun = journal.begun().orElseThrow();
        endings.warm().end(environment);
        ground.target().remove(environment, begun.fence());
        ground.failpoint().pass("takedown.removed");
        endings.undone().forget(environment);
        drift.forget(environment);
        facts(environment).replace(DOWN, Long.toString(begun.fence()));
        stays.forget(environment);
        ground.failpoint().pass("takedown.forgotten");
        return journal.takenDown(new TakenDown(ground.pace().now(), begun.before()));
    }

    /** Whether a rollout belongs to the environment as it is there now, and not to one that was taken down. */
    boolean isSince(Environment environment, Begun begun) throws IOException {
        long down = facts(environment).fact(DOWN).map(Long::parseLong).orElse(0L);
        return begun.fence() > down;
    }

    private Facts facts(Environment environment) {
        return new Facts(Journal.directory(root, environment));
    }
}
