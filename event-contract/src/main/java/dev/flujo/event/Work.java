package dev.flujo.event;

import dev.flujo.event.plan.Job;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Everything a runner must know to execute one attempt of a job: the job with its steps, the revision to check out, the
 * environment that the run gives it, the pipeline it belongs to, who caused it, and what jobs before it left: the artifacts
 * that it deploys or takes over, and outputs.
 */
public record Work(
        String project,
        String pipeline,
        Attempt attempt,
        Job job,
        Revision revision,
        Map<String, String> env,
        String by,
        List<Artifact> artifacts,
        List<JobOutput> outputs) {

    /**
     * The variable that says whose caches a job with caches writes: {@code shared}, those of a pull {@code request}, those of a
     * {@code fork}, or {@code none}. Pipelines cannot set it.
     */
    public static final String CACHES = "FLUJO_CACHES";

    /** The variable of runs of strangers' commits, which says {@code untrusted}; others have none. Pipelines cannot set it. */
    public static final String TRUST = "FLUJO_TRUST";

    /** What that variable says. */
    public static final String UNTRUSTED = "untrusted";

    /**
     * The variable that names the pull request of a job that works on an environment of that request: one whose name is told by an
     * expression, and while the request is open. Pipelines cannot set it.
     */
    public static final String PULL_REQUEST = "FLUJO_PULL_REQUEST";

    /** A file that an earlier job of the run published. */
    public record Artifact(String job, String path, long bytes, String sha256) {

        public Artifact {
            Objects.requireNonNull(job, "job");
            Objects.requireNonNull(path, "path");
            Objects.requireNonNull(sha256, "sha256");
        }
    }

    /** What an earlier job of the run gives to those that need it. */
    public record JobOutput(String job, JobEvent.Output output) {

        public JobOutput {
            Objects.requireNonNull(job, "job");
            Objects.requireNonNull(output, "output");
        }
    }

    public Work {
        Objects.requireNonNull(project, "project");
        Objects.requireNonNull(pipeline, "pipeline");
        Objects.requireNonNull(attempt, "attempt");
        Objects.requireNonNull(job, "job");
        Objects.requireNonNull(revision, "revision");
        Objects.requireNonNull(by, "by");
        env = Ordered.copy(env);
        artifacts = artifacts == null ? List.of() : List.copyOf(artifacts);
        outputs = outputs == null ? List.of() : List.copyOf(outputs);
    }

    /** Work that needs no outputs of others. */
    public Work(
            String project,
            String pipeline,
            Attempt attempt,
            Job job,
            Revision revision,
            Map<String, String> env,
            String by,
            List<Artifact> artifacts) {
        this(project, pipeline, attempt, job, revision, env, by, artifacts, List.of());
    }

    /** Whether it executes what a stranger wrote. */
    public boolean untrusted() {
        return UNTRUSTED.equals(env.get(TRUST));
    }
}
