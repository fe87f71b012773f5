package dev.flujo.deploy.rollout;

import dev.flujo.event.Work;
import java.util.Optional;
import java.util.UUID;

/** What somebody wants of the model's environment, and what has happened to it: a deployment, or a rollback. */
final class Wish {

    final UUID id;
    final Optional<Work> work;
    final Optional<RollBack> back;

    Optional<String> stop = Optional.empty();
    boolean aborted;
    boolean promoted;
    boolean troubled;
    boolean sawOpenGate;
    boolean ended;
    boolean counted;
    boolean refusalExpected;

    private Wish(UUID id, Optional<Work> work, Optional<RollBack> back) {
        this.id = id;
        this.work = work;
        this.back = back;
    }

    static Wish deployment(UUID id, Work work) {
        return new Wish(id, Optional.of(work), Optional.empty());
    }

    static Wish rollBack(RollBack wish) {
        return new Wish(wish.id(), Optional.empty(), Optional.of(wish));
    }

    /** The deployment that serves when it has gone well. */
    UUID brings() {
        return back.map(RollBack::to).orElse(id);
    }

    @Override
    public String toString() {
        return (back.isPresent() ? "rollback " + id + " to " : "deployment ") + brings();
    }
}
