package dev.flujo.pipeline.forge;

import java.time.Instant;
import java.util.Optional;

/** The newest commit of a branch, with what the forge says of it by the way. */
public record BranchHead(
        String branch,
        String commit,
        Optional<String> message,
        Optional<String> author,
        Optional<Instant> committedAt) {

    /** One of which only the commit is known. */
    static BranchHead of(String branch, String commit) {
        return new BranchHead(branch, commit, Optional.empty(), Optional.empty(), Optional.empty());
    }
}
