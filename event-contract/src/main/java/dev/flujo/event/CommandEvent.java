package dev.flujo.event;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

/** What users ask for over REST; the orchestrator judges it. */
public sealed interface CommandEvent extends Event {

    String project();

    UUID run();

    @Override
    default String subject() {
        return run().toString();
    }

    /**
     * Start a run of a pipeline. The run's id is derived from the request, so the same request twice is one run. Without a
     * commit the newest one that Flujo has seen on the branch counts.
     *
     * @param inputs values for inputs of the pipeline
     * @param payload what a program says besides; there where the pipeline is to be started as by one
     */
    record StartRun(
            String project,
            UUID run,
            String pipeline,
            String branch,
            Optional<String> commit,
            String by,
            String requestId,
            Instant receivedAt,
            Map<String, String> inputs,
            Optional<Map<String, Object>> payload)
            implements CommandEvent {

        public StartRun {
            Objects.requireNonNull(project, "project");
            Objects.requireNonNull(run, "run");
            Objects.requireNonNull(pipeline, "pipeline");
            Objects.requireNonNull(branch, "branch");
            Objects.requireNonNull(by, "by");
            Objects.requireNonNull(requestId, "requestId");
            Objects.requireNonNull(receivedAt, "receivedAt");
            commit = commit == null ? Optional.empty() : commit;
            inputs = Ordered.copy(inputs);
            payload = payload == null ? Optional.empty() : payload.map(Ordered::tree);
        }

        /** A person's wish, without inputs. */
        public StartRun(
                String project,
                UUID run,
                String pipeline,
                String branch,
                Optional<String> commit,
                String by,
                String requestId,
                Instant receivedAt) {
            this(project, run, pipeline, branch, commit, by, requestId, receivedAt, Map.of(), Optional.empty());
        }
    }

    /**
     * Do a run again as another one. The orchestrator forgets runs that have ended, so what the history says of the old one is
     * carried along.
     *
     * @param queued the new run: the plan and the revision of the old one
     * @param held why the old run was held, if it was; the new one is then too
     * @param extended what came out of jobs that are kept
     * @param kept the jobs that are not done again
     */
    record RerunRun(
            String project,
            UUID run,
            UUID of,
            RunEvent.RunQueued queued,
            Optional<RunEvent.RunHeld> held,
            List<RunEvent.RunExtended> extended,
            List<JobEvent.JobKept> kept)
            implements CommandEvent {

        public RerunRun {
            Objects.requireNonNull(project, "project");
            Objects.requireNonNull(run, "run");
            Objects.requireNonNull(of, "of");
            Objects.requireNonNull(queued, "queued");
            held = held == null ? Optional.empty() : held;
            extended = extended == null ? List.of() : List.copyOf(extended);
            kept = kept == null ? List.of() : List.copyOf(kept);
        }
    }

    /**
     * Let a job that waits for people's consent go on, or end it; the groups are those of {@code by} at that time.
     *
     * @param older whether it may follow on something newer in its environment
     */
    record AnswerApproval(
            String project,
            UUID run,
            String job,
            boolean approved,
            String by,
            List<String> groups,
            Optional<String> comment,
            Optional<Boolean> older)
            implements CommandEvent {

        public AnswerApproval(
                String project,
                UUID run,
                String job,
                boolean approved,
                String by,
                List<String> groups,
                Optional<String> comment) {
            this(project, run, job, approved, by, groups, comment, Optional.empty());
        }

        public AnswerApproval {
            older = older == null ? Optional.empty() : older;
            Objects.requireNonNull(project, "project");
            Objects.requireNonNull(run, "run");
            Objects.requireNonNull(job, "job");
            Objects.requireNonNull(by, "by");
            groups = groups == null ? List.of() : List.copyOf(groups);
            comment = comment == null ? Optional.empty() : comment;
        }
    }

    /** End a run before its time. */
    record CancelRun(String project, UUID run, String by, String reason) implements CommandEvent {

        public CancelRun {
            Objects.requireNonNull(project, "project");
            Objects.requireNonNull(run, "run");
            Objects.requireNonNull(by, "by");
            Objects.requireNonNull(reason, "reason");
        }
    }

    /** Let a run that is held go on, for this commit and no other. */
    record ApproveRun(String project, UUID run, String commit, String by) implements CommandEvent {

        public ApproveRun {
            Objects.requireNonNull(project, "project");
            Objects.requireNonNull(run, "run");
            Objects.requireNonNull(commit, "commit");
            Objects.requireNonNull(by, "by");
        }
    }

    /** End a run that is held: nothing of this commit shall run. */
    record RejectRun(String project, UUID run, String commit, String by, Optional<String> reason)
            implements CommandEvent {

        public RejectRun {
            Objects.requireNonNull(project, "project");
            Objects.requireNonNull(run, "run");
            Objects.requireNonNull(commit, "commit");
            Objects.requireNonNull(by, "by");
            reason = reason == null ? Optional.empty() : reason;
        }
    }
}
