package dev.flujo.pipeline.api;

import dev.flujo.kit.problem.ProblemKind;

/** The kinds of problem that only this service has. */
public enum ApiProblem implements ProblemKind {
    PIPELINE_INVALID("pipeline-invalid", 422, "The pipeline file is not valid", Blame.CALLER),
    PIPELINE_NOT_MANUAL("pipeline-not-manual", 409, "The pipeline is not started by hand", Blame.STATE),
    PIPELINES_IN_REPOSITORY(
            "pipelines-in-repository", 409, "The project takes its pipelines from its repository", Blame.STATE),
    RUN_NOT_HELD("run-not-held", 409, "The run does not wait for approval", Blame.STATE),
    OTHER_COMMIT("other-commit", 409, "The run works on another commit", Blame.STATE),
    TRIGGER_FILTERED("trigger-filtered", 409, "The pipeline does not take this request", Blame.STATE),
    KEY_REUSED("idempotency-key-reused", 409, "The Idempotency-Key belongs to another request", Blame.STATE),
    RUN_NOT_REPEATABLE("run-not-repeatable", 409, "The run cannot be done again", Blame.STATE),
    RUN_ALREADY_FINISHED("run-already-finished", 409, "The run has ended", Blame.STATE),
    JOB_NOT_WAITING("job-not-waiting", 409, "The job does not wait for approval", Blame.STATE),
    APPROVAL_OUTDATED("approval-outdated", 409, "Something newer is where the job is to work", Blame.STATE),
    APPROVER_UNEXPECTED("approver-unexpected", 403, "The job waits for somebody else", Blame.CALLER),
    DEAD_LETTER_STAYS("dead-letter-stays", 409, "The dead letter cannot be put back", Blame.STATE),
    SIGNATURE_INVALID("signature-invalid", 401, "The delivery is not signed with a secret known here", Blame.CALLER),
    TOO_MANY_STREAMS("too-many-streams", 503, "No more streams can be followed now", Blame.CAPACITY);

    private final String slug;
    private final int status;
    private final String title;
    private final Blame blame;

    ApiProblem(String slug, int status, String title, Blame blame) {
        this.slug = slug;
        this.status = status;
        this.title = title;
        this.blame = blame;
    }

    @Override
    public String slug() {
        return slug;
    }

    @Override
    public int status() {
        return status;
    }

    @Override
    public String title() {
        return title;
    }

    @Override
    public Blame blame() {
        return blame;
    }
}
