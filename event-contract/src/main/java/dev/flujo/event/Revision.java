package dev.flujo.event;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * The source that a run works on. Without a repository there is nothing to check out, and commit and branch are only
 * words that the job's environment carries.
 */
public record Revision(
        Optional<String> repository,
        String branch,
        Optional<String> commit,
        Optional<String> message,
        Optional<String> author,
        Optional<Instant> committedAt) {

    public Revision {
        Objects.requireNonNull(branch, "branch");
        repository = repository == null ? Optional.empty() : repository;
        commit = commit == null ? Optional.empty() : commit;
        message = message == null ? Optional.empty() : message;
        author = author == null ? Optional.empty() : author;
        committedAt = committedAt == null ? Optional.empty() : committedAt;
    }
}
