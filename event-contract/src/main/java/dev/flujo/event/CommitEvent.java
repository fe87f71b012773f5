package dev.flujo.event;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** Changes of a repository, as forges or any authorised producer report them. */
public sealed interface CommitEvent extends Event {

    String project();

    String commit();

    /**
     * A branch has a new head: CDEvents' {@code change.merged}. The id of the envelope is the id of the delivery, so the
     * same delivery twice starts one run.
     *
     * @param paths the files that the push changes; none where nobody knows them all
     */
    record CommitPushed(
            String project,
            String branch,
            String commit,
            Optional<String> message,
            Optional<String> author,
            Optional<Instant> committedAt,
            String by,
            Instant receivedAt,
            Optional<List<String>> paths)
            implements CommitEvent {

        public CommitPushed {
            Objects.requireNonNull(project, "project");
            Objects.requireNonNull(branch, "branch");
            Objects.requireNonNull(commit, "commit");
            Objects.requireNonNull(by, "by");
            Objects.requireNonNull(receivedAt, "receivedAt");
            message = message == null ? Optional.empty() : message;
            author = author == null ? Optional.empty() : author;
            committedAt = committedAt == null ? Optional.empty() : committedAt;
            paths = paths == null ? Optional.empty() : paths.map(List::copyOf);
        }

        /** A push of which nobody knows what it changes. */
        public CommitPushed(
                String project,
                String branch,
                String commit,
                Optional<String> message,
                Optional<String> author,
                Optional<Instant> committedAt,
                String by,
                Instant receivedAt) {
            this(project, branch, commit, message, author, committedAt, by, receivedAt, Optional.empty());
        }

        @Override
        public String subject() {
            return commit;
        }
    }

    /** There is a new tag. */
    record TagPushed(
            String project,
            String tag,
            String commit,
            Optional<String> message,
            Optional<String> author,
            String by,
            Instant receivedAt)
            implements CommitEvent {

        public TagPushed {
            Objects.requireNonNull(project, "project");
            Objects.requireNonNull(tag, "tag");
            Objects.requireNonNull(commit, "commit");
            Objects.requireNonNull(by, "by");
            Objects.requireNonNull(receivedAt, "receivedAt");
            message = message == null ? Optional.empty() : message;
            author = author == null ? Optional.empty() : author;
        }

        @Override
        public String subject() {
            return project + "@" + commit;
        }
    }

    /**
     * Something has happened to a pull or merge request.
     *
     * @param branch the branch that it comes from
     * @param base the branch that it asks to be merged into
     * @param fork whether it comes from another repository
     * @param paths the files that it changes; none where nobody knows them all
     * @param baseCommit the commit of the base branch that it stands against
     */
    record PullRequestChanged(
            String project,
            long number,
            String action,
            String title,
            String branch,
            String base,
            String commit,
            boolean fork,
            boolean draft,
            List<String> labels,
            String author,
            String by,
            Instant receivedAt,
            Optional<List<String>> paths,
            Optional<String> baseCommit)
            implements CommitEvent {

        public PullRequestChanged {
            Objects.requireNonNull(project, "project");
            Objects.requireNonNull(action, "action");
            Objects.requireNonNull(title, "title");
            Objects.requireNonNull(branch, "branch");
            Objects.requireNonNull(base, "base");
            Objects.requireNonNull(commit, "commit");
            Objects.requireNonNull(author, "author");
            Objects.requireNonNull(by, "by");
            Objects.requireNonNull(receivedAt, "receivedAt");
            labels = labels == null ? List.of() : List.copyOf(labels);
            paths = paths == null ? Optional.empty() : paths.map(List::copyOf);
            baseCommit = baseCommit == null ? Optional.empty() : baseCommit;
        }

        /** One of which nobody says what it stands against. */
        public PullRequestChanged(
                String project,
                long number,
                String action,
                String title,
                String branch,
                String base,
                String commit,
                boolean fork,
                boolean draft,
                List<String> labels,
                String author,
                String by,
                Instant receivedAt,
                Optional<List<String>> paths) {
            this(
                    project,
                    number,
                    action,
                    title,
                    branch,
                    base,
                    commit,
                    fork,
                    draft,
                    labels,
                    author,
                    by,
                    receivedAt,
                    paths,
                    Optional.empty());
        }

        @Override
        public String subject() {
            return project + "@" + commit;
        }
    }
}
