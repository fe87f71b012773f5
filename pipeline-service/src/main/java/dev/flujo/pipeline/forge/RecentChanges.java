package dev.flujo.pipeline.forge;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/**
 * Which commits of a repository have been new lately. At first all are. What has changed is said for some more times, since the
 * orchestrator leaves what it has just heard of to the next time.
 */
final class RecentChanges {

    private static final Duration SETTLING = Duration.ofMinutes(2);

    private final Duration recent;
    private final Map<String, Change> changes = new HashMap<>();
    private Map<String, Change> next = Map.of();

    private record Change(String commit, Instant at) {}

    RecentChanges(Duration every) {
        this.recent = every.multipliedBy(2).plus(SETTLING);
    }

    /** Begins to note what there is now. */
    void begin() {
        next = new HashMap<>();
    }

    /** Notes the commit of something; gives whether it has been another one lately. */
    boolean note(String what, String commit, Instant now) {
        Change before = changes.get(what);
        boolean same = before != null && before.commit().equals(commit);
        Change change = same ? before : new Change(commit, now);
        next.put(what, change);
        return change.at().plus(recent).isAfter(now);
    }

    /** What was noted has been said, and what was not noted is gone. */
    void published() {
        changes.clear();
        changes.putAll(next);
    }
}
