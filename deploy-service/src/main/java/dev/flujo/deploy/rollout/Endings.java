package dev.flujo.deploy.rollout;

import dev.flujo.deploy.Target.Serving;
import dev.flujo.deploy.Target.Version;
import java.io.IOException;
import java.util.Optional;

/** What is settled once a version has been promoted; each of it may be settled again after a crash. */
record Endings(WarmVersions warm, UndoneReleases undone, RuleBook book) {

    /** A new version serves in the place of the old one. */
    Serving deployed(Journal journal, Version fresh, Optional<Version> old, Serving serving) throws IOException {
        warm.settle(fresh, old);
        undone.forget(fresh.environment());
        book.served(fresh.environment(), fresh.work());
        return journal.serving(serving);
    }

    /** An earlier version serves again in the place of one that is undone. */
    Serving rolledBack(Journal journal, RollBack wish, Version again, Version bad, Serving serving) throws IOException {
        undone.swap(wish, again.work(), bad.work());
        warm.end(again, bad);
        return journal.serving(serving);
    }
}
