package dev.flujo.pipeline.webhook;

import dev.flujo.event.CommitEvent;
import dev.flujo.event.CommitEvent.CommitPushed;
import dev.flujo.event.CommitEvent.TagPushed;
import dev.flujo.pipeline.api.Inputs;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** A branch or tag that points to another commit now, or to none any more. */
record MovedRef(
        String ref,
        Optional<String> commit,
        Optional<String> message,
        Optional<String> author,
        Optional<Instant> committedAt,
        Optional<List<String>> paths) {

    /** What the answer says of pushes that start nothing. */
    static final String NOTHING_LEFT = "pushes that leave no branch behind";

    private static final String HEADS = "refs/heads/";
    private static final String TAGS = "refs/tags/";

    /** Of a push that changes more files, nobody is told which. */
    private static final int MOST_PATHS = 3_000;

    /** The push or tag that this is; none where nothing is left behind, or the ref is another one. */
    Optional<CommitEvent> event(Scene scene, String by) {
        if (commit.isEmpty() || commit.get().matches("0+")) {
            return Optional.empty();
        }
        if (ref.startsWith(HEADS)) {
            return Optional.of(new CommitPushed(
                    scene.project(),
                    Inputs.branch(ref.substring(HEADS.length())),
                    Inputs.commit(commit.get()),
                    message,
                    author,
                    committedAt,
                    by,
                    scene.now(),
                    paths));
        }
        return ref.startsWith(TAGS)
                ? Optional.of(new TagPushed(
                        scene.project(),
                        Inputs.branch(ref.substring(TAGS.length())),
                        Inputs.commit(commit.get()),
                        message,
                        author,
                        by,
                        scene.now()))
                : Optional.empty();
    }

    /** The files that these commits change, in the words of GitHub, which GitLab and Gitea share; none if one is silent. */
    static Optional<List<String>> paths(List<Payload> commits) {
        if (commits.isEmpty()) {
            return Optional.empty();
        }
        Set<String> paths = new TreeSet<>();
        for (Payload commit : commits) {
            for (String change : List.of("added", "modified", "removed")) {
                if (!commit.at(change).isList()) {
                    return Optional.empty();
                }
                paths.addAll(commit.texts(change));
            }
        }
        return Optional.of(List.copyOf(paths)).filter(known -> known.size() <= MOST_PATHS);
    }
}
