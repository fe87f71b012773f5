package dev.flujo.pipeline.orchestrator;

import dev.flujo.core.trigger.TriggerEvent;
import dev.flujo.event.Cause;
import dev.flujo.event.Revision;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * What happened, where, and what every run that it begins says of it.
 *
 * @param revision what such runs work on, where the event says it
 * @param definedAt where a repository says what such runs do; none where the event has no commit of its own
 * @param fork the number of the pull request, if it comes from another repository
 */
record Happened(
        String project,
        TriggerEvent trigger,
        Cause cause,
        Optional<Revision> revision,
        Optional<Revision> definedAt,
        Optional<Long> fork,
        UUID chainId,
        int depth) {

    /** The same, of something that has been known since then. */
    Happened since(Instant first) {
        return new Happened(project, trigger, cause.since(first), revision, definedAt, fork, chainId, depth);
    }

    /** Something that has no commit of its own, or only that of a run before. */
    static Happened of(
            String project, TriggerEvent trigger, Cause cause, Optional<Revision> revision, UUID chainId, int depth) {
        return new Happened(project, trigger, cause, revision, Optional.empty(), Optional.empty(), chainId, depth);
    }

    /** Something that happened to the repository itself, which says at the same commit what is to be done. */
    static Happened to(String project, TriggerEvent trigger, Cause cause, Revision revision, UUID chainId) {
        Optional<Revision> own = Optional.of(revision);
        return new Happened(project, trigger, cause, own, own, Optional.empty(), chainId, 0);
    }

    /** A pull request from elsewhere: the branch that it is for says what is to be done. */
    static Happened toFork(
            String project,
            TriggerEvent trigger,
            Cause cause,
            Revision revision,
            Revision base,
            long request,
            UUID chainId) {
        return new Happened(
                project, trigger, cause, Optional.of(revision), Optional.of(base), Optional.of(request), chainId, 0);
    }
}
