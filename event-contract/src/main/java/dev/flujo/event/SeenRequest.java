package dev.flujo.event;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A pull or merge request that is open, as a forge says it when it is asked.
 *
 * @param branch the branch that it comes from
 * @param base the branch that it asks to be merged into
 * @param fork whether it comes from another repository
 * @param baseCommit the commit of the base branch that it stands against
 */
public record SeenRequest(
        long number,
        String title,
        String branch,
        String base,
        String commit,
        boolean fork,
        boolean draft,
        List<String> labels,
        String author,
        Optional<String> baseCommit) {

    public SeenRequest {
        Objects.requireNonNull(title, "title");
        Objects.requireNonNull(branch, "branch");
        Objects.requireNonNull(base, "base");
        Objects.requireNonNull(commit, "commit");
        Objects.requireNonNull(author, "author");
        labels = labels == null ? List.of() : List.copyOf(labels);
        baseCommit = baseCommit == null ? Optional.empty() : baseCommit;
    }
}
