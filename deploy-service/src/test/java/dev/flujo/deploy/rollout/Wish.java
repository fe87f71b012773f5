package dev.flujo.deploy.rollout;

import dev.flujo.event.Work;
import java.util.Optional;
import java.util.UUID;

/** What somebody wants of the model's environment, and what has happened to it: a deployment, a rollback, or its end. */
final class Wish {

    final UUID id;
    final Optional<Work> work;
    final Optional<RollBack> back;
    final Optional<TakeDown> down;

    Optional<String> stop = Optional.empty();
    boolean aborted;
    boolean promoted;
    boolean troubled;
    boolean sawOpenGate;
    boolean ended;
    boolean counted;
    boolean refusalExpected;

    private Wish(UUID id, Optional<Work> work, Optional<RollBack> back, Optional<TakeDown> down) {
        this.id = id;
        this.work = work;
        this.back = back;
        this.down = down;
    }

    static Wish deployment(UUID id, Work work) {
        return new Wish(id, Optional.of(work), Optional.empty(), Optional.empty());
    }

    static Wish rollBack(RollBack wish) {
        return new Wish(wish.id(), Optional.empty(), Optional.of(wish), Optional.empty());
    }

    static Wish takeDown(TakeDown wish) {
        return new Wish(wish.id(), Optional.empty(), Optional.empty(), Optional.of(wish));
    }

    /** The deployment that serves when it has gone well. */
    UUID brings() {
        return back.map(RollBack::to).orElse(id);
    }

    @Override
    public String toString() {
        if (down.isPresent()) {
            return "take-down " + id;
        }
        return (back.isPresent() ? "rollback " + id + " to " : "deployment ") + brings();
    }
}
