package dev.flujo.event;

import dev.flujo.event.plan.Approval;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

/**
 * The life of one attempt of one job. What a runner reports and what the orchestrator accepts are the same words; an
 * accepted one lies on the run log and has a sequence.
 */
public sealed interface JobEvent extends Event {

    String project();

    Attempt attempt();

    @Override
    default String subject() {
        return attempt().id();
    }

    /** Everything the job needs has ended well; it waits for the consent of people, until this time at most. */
    record ApprovalRequested(String project, Attempt attempt, Approval approval, Instant until) implements JobEvent {

        public ApprovalRequested {
            Objects.requireNonNull(project, "project");
            Objects.requireNonNull(attempt, "attempt");
            Objects.requireNonNull(approval, "approval");
            Objects.requireNonNull(until, "until");
        }
    }

    /** Another run has left something newer in the environment since the job began to wait for consent. */
    record ApprovalOutdated(String project, Attempt attempt, String environment, UUID by) implements JobEvent {

        public ApprovalOutdated {
            Objects.requireNonNull(project, "project");
            Objects.requireNonNull(attempt, "attempt");
            Objects.requireNonNull(environment, "environment");
            Objects.requireNonNull(by, "by");
        }
    }

    /**
     * Somebody whom the job waits for has consented.
     *
     * @param older whether it may follow on something newer in its environment
     */
    record JobApproved(
            String project,
            Attempt attempt,
            String by,
            Optional<String> comment,
            Instant approvedAt,
            Optional<Boolean> older)
            implements JobEvent {

        public JobApproved(String project, Attempt attempt, String by, Optional<String> comment, Instant approvedAt) {
            this(project, attempt, by, comment, approvedAt, Optional.empty());
        }

        public JobApproved {
            older = older == null ? Optional.empty() : older;
            Objects.requireNonNull(project, "project");
            Objects.requireNonNull(attempt, "attempt");
            Objects.requireNonNull(by, "by");
            Objects.requireNonNull(approvedAt, "approvedAt");
            comment = comment == null ? Optional.empty() : comment;
        }
    }

    /** Somebody whom the job waits for has refused; so it fails. */
    record JobRejected(String project, Attempt attempt, String by, Optional<String> comment, Instant rejectedAt)
            implements JobEvent {

        public JobRejected {
            Objects.requireNonNull(project, "project");
            Objects.requireNonNull(attempt, "attempt");
            Objects.requireNonNull(by, "by");
            Objects.requireNonNull(rejectedAt, "rejectedAt");
            comment = comment == null ? Optional.empty() : comment;
        }
    }

    /** Everything the job needs has ended well; the attempt waits for a slot of its pool. */
    record JobQueued(String project, Attempt attempt, String pool) implements JobEvent {

        public JobQueued {
            Objects.requireNonNull(project, "project");
            Objects.requireNonNull(attempt, "attempt");
            Objects.requireNonNull(pool, "pool");
        }
    }

    /** The pool gave the attempt to this runner. */
    record JobAssigned(String project, Attempt attempt, String pool, String runner) implements JobEvent {

        public JobAssigned {
            Objects.requireNonNull(project, "project");
            Objects.requireNonNull(attempt, "attempt");
            Objects.requireNonNull(pool, "pool");
            Objects.requireNonNull(runner, "runner");
        }
    }

    /**
     * The runner has begun the attempt: checkout and steps follow.
     *
     * @param image what the steps are executed in, where that is a container
     * @param isolation what keeps the job apart from its machine and from other jobs, in a sentence
     */
    record JobStarted(
            String project,
            Attempt attempt,
            String runner,
            Instant startedAt,
            Optional<Image> image,
            Optional<String> isolation)
            implements JobEvent {

        public JobStarted {
            Objects.requireNonNull(project, "project");
            Objects.requireNonNull(attempt, "attempt");
            Objects.requireNonNull(runner, "runner");
            Objects.requireNonNull(startedAt, "startedAt");
            image = image == null ? Optional.empty() : image;
            isolation = isolation == null ? Optional.empty() : isolation;
        }

        /** An attempt that is executed in no container, by a runner that does not say how it keeps jobs apart. */
        public JobStarted(String project, Attempt attempt, String runner, Instant startedAt) {
            this(project, attempt, runner, startedAt, Optional.empty(), Optional.empty());
        }
    }

    /**
     * A container image as it was asked for, and the digest of what that name stood for then: that of its manifest, or, where
     * it was never in a registry, of the image itself.
     */
    record Image(String name, String digest) {

        public Image {
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(digest, "digest");
        }
    }

    /** A step's command is running. Steps are numbered from 0 in the order of the plan; the checkout is no step. */
    record StepStarted(String project, Attempt attempt, int step, String name, Instant startedAt) implements JobEvent {

        public StepStarted {
            Objects.requireNonNull(project, "project");
            Objects.requireNonNull(attempt, "attempt");
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(startedAt, "startedAt");
        }
    }

    /** A step's command has ended with this exit code, having printed this many lines. */
    record StepFinished(
            String project,
            Attempt attempt,
            int step,
            String name,
            Outcome outcome,
            int exitCode,
            long lines,
            Instant finishedAt)
            implements JobEvent {

        public StepFinished {
            Objects.requireNonNull(project, "project");
            Objects.requireNonNull(attempt, "attempt");
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(outcome, "outcome");
            Objects.requireNonNull(finishedAt, "finishedAt");
        }
    }

    /** A file that the job made lies in the blob store under its SHA-256; CDEvents' {@code artifact.published}. */
    record ArtifactPublished(String project, Attempt attempt, String path, long bytes, String sha256)
            implements JobEvent {

        public ArtifactPublished {
            Objects.requireNonNull(project, "project");
            Objects.requireNonNull(attempt, "attempt");
            Objects.requireNonNull(path, "path");
            Objects.requireNonNull(sha256, "sha256");
        }

        /** The artifact's package URL. */
        @Override
        public String subject() {
            return PackageUrl.generic(project, path, sha256);
        }
    }

    /**
     * The attempt has ended; its last report. {@code lines} is what the whole attempt printed.
     *
     * @param failure what made it fail, in the words of {@code retry}: {@code platform}, {@code timeout},
     *     {@code disk-full}, {@code resource-limit} or {@code exit:N}; {@code rejected} or {@code expired} where people did not consent
     * @param leaves what it leaves for other jobs
     */
    record JobFinished(
            String project,
            Attempt attempt,
            String runner,
            Outcome outcome,
            Optional<String> reason,
            Optional<TestSummary> tests,
            long lines,
            Instant finishedAt,
            Optional<String> failure,
            Optional<Leaves> leaves)
            implements JobEvent {

        public JobFinished {
            Objects.requireNonNull(project, "project");
            Objects.requireNonNull(attempt, "attempt");
            Objects.requireNonNull(runner, "runner");
            Objects.requireNonNull(outcome, "outcome");
            Objects.requireNonNull(finishedAt, "finishedAt");
            reason = reason == null ? Optional.empty() : reason;
            tests = tests == null ? Optional.empty() : tests;
            failure = failure == null ? Optional.empty() : failure;
            leaves = leaves == null ? Optional.empty() : leaves;
        }

        /** An attempt that leaves nothing for other jobs. */
        public JobFinished(
                String project,
                Attempt attempt,
                String runner,
                Outcome outcome,
                Optional<String> reason,
                Optional<TestSummary> tests,
                long lines,
                Instant finishedAt) {
            this(
                    project,
                    attempt,
                    runner,
                    outcome,
                    reason,
                    tests,
                    lines,
                    finishedAt,
                    Optional.empty(),
                    Optional.empty());
        }
    }

    /** What an attempt leaves for other jobs: outputs, and the text in which it says what further jobs the run has. */
    record Leaves(List<Output> outputs, Optional<String> generated) {

        public Leaves {
            outputs = outputs == null ? List.of() : List.copyOf(outputs);
            generated = generated == null ? Optional.empty() : generated;
        }
    }

    /** An output lies in the blob store under its SHA-256; its text is here too where expressions may ask for it. */
    record Output(String name, long bytes, String sha256, Optional<String> text) {

        /** The longest text that expressions can ask for, in characters. */
        public static final int LONGEST_TEXT = 4096;

        public Output {
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(sha256, "sha256");
            text = text == null ? Optional.empty() : text;
        }
    }

    /** The files that define pipelines, as they are at the commit that a reading checks out; and those that cannot be read. */
    record DefinitionsRead(String project, Attempt attempt, List<SourceFile> files, List<UnreadFile> unread)
            implements JobEvent {

        public DefinitionsRead {
            Objects.requireNonNull(project, "project");
            Objects.requireNonNull(attempt, "attempt");
            files = files == null ? List.of() : List.copyOf(files);
            unread = unread == null ? List.of() : List.copyOf(unread);
        }
    }

    /** A file of the repository with its text. */
    record SourceFile(String path, String source) {

        public SourceFile {
            Objects.requireNonNull(path, "path");
            Objects.requireNonNull(source, "source");
        }
    }

    /** A file of the repository that is not read, and why. */
    record UnreadFile(String path, String reason) {

        public UnreadFile {
            Objects.requireNonNull(path, "path");
            Objects.requireNonNull(reason, "reason");
        }
    }

    /** The attempt has ended, and another one follows, not before this time. */
    record JobRetrying(String project, Attempt attempt, String reason, Instant notBefore) implements JobEvent {

        public JobRetrying {
            Objects.requireNonNull(project, "project");
            Objects.requireNonNull(attempt, "attempt");
            Objects.requireNonNull(reason, "reason");
            Objects.requireNonNull(notBefore, "notBefore");
        }
    }

    /** The attempt's runner is gone, or never took it up: nothing that it still says counts. */
    record JobLost(String project, Attempt attempt, String runner, String reason) implements JobEvent {

        public JobLost {
            Objects.requireNonNull(project, "project");
            Objects.requireNonNull(attempt, "attempt");
            Objects.requireNonNull(runner, "runner");
            Objects.requireNonNull(reason, "reason");
        }
    }

    /** The job has succeeded in the run that this one does again, and is not done again: what it left is this run's too. */
    record JobKept(String project, Attempt attempt, Attempt from, List<Output> outputs, List<Work.Artifact> artifacts)
            implements JobEvent {

        public JobKept {
            Objects.requireNonNull(project, "project");
            Objects.requireNonNull(attempt, "attempt");
            Objects.requireNonNull(from, "from");
            outputs = outputs == null ? List.of() : List.copyOf(outputs);
            artifacts = artifacts == null ? List.of() : List.copyOf(artifacts);
        }
    }

    /** The job will not run, because something it needs did not succeed or the run was cancelled first. */
    record JobSkipped(String project, Attempt attempt, String reason) implements JobEvent {

        public JobSkipped {
            Objects.requireNonNull(project, "project");
            Objects.requireNonNull(attempt, "attempt");
            Objects.requireNonNull(reason, "reason");
        }
    }

    /** The attempt shall end now; also what its runner is told. */
    record JobStopping(String project, Attempt attempt, String reason) implements JobEvent {

        public JobStopping {
            Objects.requireNonNull(project, "project");
            Objects.requireNonNull(attempt, "attempt");
            Objects.requireNonNull(reason, "reason");
        }
    }
}
