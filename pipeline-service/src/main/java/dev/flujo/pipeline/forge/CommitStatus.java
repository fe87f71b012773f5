package dev.flujo.pipeline.forge;

import java.net.URI;
import java.util.Objects;
import java.util.Optional;

/**
 * What a pipeline says of a commit.
 *
 * @param branch the branch that the commit was pushed to, which some forges want to know
 * @param context tells it from what other pipelines say
 * @param link where to look
 */
public record CommitStatus(
        String commit, String branch, String context, State state, String description, Optional<URI> link) {

    /** How far it is, in words that every forge has one for. */
    public enum State {
        PENDING,
        RUNNING,
        SUCCESS,
        FAILURE,
        CANCELLED,
        ERROR
    }

    private static final int LONGEST = 140;

    public CommitStatus {
        Objects.requireNonNull(commit, "commit");
        Objects.requireNonNull(branch, "branch");
        Objects.requireNonNull(context, "context");
        Objects.requireNonNull(state, "state");
        Objects.requireNonNull(link, "link");
        description = shortened(description);
    }

    private static String shortened(String text) {
        String line = text.lines().findFirst().orElse("");
        return line.length() <= LONGEST ? line : line.substring(0, LONGEST - 3) + "...";
    }
}
