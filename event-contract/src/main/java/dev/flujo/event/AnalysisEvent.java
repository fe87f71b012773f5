package dev.flujo.event;

import java.util.Objects;
import java.util.UUID;

/** What analyses of deployments ask of others. */
public sealed interface AnalysisEvent extends Event {

    /** The pipeline whose runs are jobs that analyses ask; no user's pipeline can have its name. */
    String PIPELINE = ".analysis";

    String project();

    /**
     * An analysis asks a job of the pipeline that deploys. Told again until it is answered; {@code run} is the run in which the
     * job answers, and is begun once.
     *
     * @param deployment what is asked about: the new version, or the one that it is compared with
     * @param attempt the attempt that deploys the new version
     * @param address where a replica of what is asked about answers
     * @param runner who gets the answer
     */
    record AnalysisRequested(
            String project,
            String environment,
            UUID deployment,
            Attempt attempt,
            String analysis,
            String job,
            UUID run,
            String address,
            String runner)
            implements AnalysisEvent {

        public AnalysisRequested {
            Objects.requireNonNull(project, "project");
            Objects.requireNonNull(environment, "environment");
            Objects.requireNonNull(deployment, "deployment");
            Objects.requireNonNull(attempt, "attempt");
            Objects.requireNonNull(analysis, "analysis");
            Objects.requireNonNull(job, "job");
            Objects.requireNonNull(run, "run");
            Objects.requireNonNull(address, "address");
            Objects.requireNonNull(runner, "runner");
        }

        @Override
        public String subject() {
            return project + "/" + environment;
        }
    }
}
