package dev.flujo.core.run;

import dev.flujo.core.lock.Circle;
import dev.flujo.event.Attempt;
import dev.flujo.event.DeployEvent;
import dev.flujo.event.JobEvent;
import dev.flujo.event.LockEvent;
import dev.flujo.event.RunEvent;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** What a run can be asked or told. */
public sealed interface RunCommand {

    /** Begin: the run is what this event says; where there is a hold, nothing of it is executed before that is lifted. */
    record Begin(RunEvent.RunQueued queued, Optional<Hold> hold, Kept kept) implements RunCommand {

        public Begin(RunEvent.RunQueued queued) {
            this(queued, Optional.empty());
        }

        public Begin(RunEvent.RunQueued queued, Optional<Hold> hold) {
            this(queued, hold, Kept.NOTHING);
        }
    }

    /** What a run takes over from the one that it does again: jobs that came out of others, and jobs that are done. */
    record Kept(List<RunEvent.RunExtended> extended, List<JobEvent.JobKept> jobs) {

        static final Kept NOTHING = new Kept(List.of(), List.of());

        public Kept {
            extended = List.copyOf(extended);
            jobs = List.copyOf(jobs);
        }
    }

    /** Why a run is held: it is of this pull request, whose newest commit somebody must approve. */
    record Hold(long request, String commit, String reason) {}

    /** Go on, because somebody has approved this commit. */
    record Approve(String commit, String by) implements RunCommand {}

    /** End, because somebody wants nothing of this commit to run. */
    record Reject(String commit, String by, Optional<String> reason) implements RunCommand {}

    /** Nobody has approved the run in the time that there was for that. */
    record HoldTimeOut() implements RunCommand {}

    /** Another run has left something newer in the environment that an attempt waits for consent to work on. */
    record Outdate(Attempt attempt, String environment, UUID by) implements RunCommand {}

    /**
     * Somebody consents that a job goes on, or does not; with the groups that this person belongs to.
     *
     * @param older whether it may follow on something newer in its environment
     */
    record Answer(String job, boolean approved, String by, List<String> groups, Optional<String> comment, boolean older)
            implements RunCommand {

        public Answer(String job, boolean approved, String by, List<String> groups, Optional<String> comment) {
            this(job, approved, by, groups, comment, false);
        }

        public Answer {
            groups = List.copyOf(groups);
        }
    }

    /** End before its time, because somebody wants it. */
    record Cancel(String by, String reason) implements RunCommand {}

    /** A runner, or the pool, says this of an attempt. */
    record Report(JobEvent event) implements RunCommand {}

    /** The deploy-service says this of the deployment that an attempt is. */
    record DeployReport(Attempt attempt, DeployEvent event) implements RunCommand {}

    /** The lock that a job waits for says this. */
    record LockSays(LockEvent event) implements RunCommand {}

    /** Do not wait for this lock: that would be for ever, since runs would wait for each other in this circle. */
    record GiveWay(Attempt attempt, Circle circle) implements RunCommand {}

    /** A time that the attempt was given is over. */
    record TimeOut(Attempt attempt, Limit limit) implements RunCommand {}

    /** The run's time is over. */
    record RunTimeOut() implements RunCommand {}

    /** What an attempt is given time for. */
    enum Limit {
        /** With a runner; after that the runner has had its chance to end it itself. */
        EXECUTION,
        /** Until a runner has it. */
        QUEUE,
        /** After its end, until the next attempt. */
        PAUSE,
        /** Until somebody has approved its run. */
        HOLD,
        /** Until people have consented. */
        APPROVAL
    }

    /** Accept nothing more, because of this. */
    record Quarantine(String reason) implements RunCommand {}
}
