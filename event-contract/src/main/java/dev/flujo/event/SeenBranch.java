package dev.flujo.event;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/** The newest commit of a branch as a forge says it when it is asked, with what it says of that commit. */
public record SeenBranch(
        String branch,
        String commit,
        Optional<String> message,
        Optional<String> author,
        Optional<Instant> committedAt) {

    public SeenBranch {
        Objects.requireNonNull(branch, "branch");
        Objects.requireNonNull(commit, "commit");
        message = message == null ? Optional.empty() : message;
        author = author == null ? Optional.empty() : author;
        committedAt = committedAt == null ? Optional.empty() : committedAt;
    }

    /** One of which only the commit is known. */
    public SeenBranch(String branch, String commit) {
        this(branch, commit, Optional.empty(), Optional.empty(), Optional.empty());
    }
}
