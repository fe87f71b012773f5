package dev.flujo.event;

import dev.flujo.event.plan.Job;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Everything a runner must know to execute one attempt of a job: the job with its steps, the revision to check out, the
 * environment that the run gives it, the pipeline it belongs to, who caused it, and the artifacts of the jobs that it
 * deploys from.
 */
public record Work(
        String project,
        String pipeline,
        Attempt attempt,
        Job job,
        Revision revision,
        Map<String, String> env,
        String by,
        List<Artifact> artifacts) {

    /** A file that an earlier job of the run published. */
    public record Artifact(String job, String path, long bytes, String sha256) {

        public Artifact {
            Objects.requireNonNull(job, "job");
            Objects.requireNonNull(path, "path");
            Objects.requireNonNull(sha256, "sha256");
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
    }
}
