package dev.flujo.scenario;

import dev.flujo.core.Decision;
import dev.flujo.core.run.JobState;
import dev.flujo.core.run.JobState.Phase;
import dev.flujo.core.run.Run;
import dev.flujo.core.run.RunCommand;
import dev.flujo.event.Attempt;
import dev.flujo.event.Event;
import dev.flujo.event.JobEvent.JobFinished;
import dev.flujo.event.JobEvent.JobStarted;
import dev.flujo.event.JobEvent.JobStopping;
import dev.flujo.event.LockEvent.LockAcquired;
import dev.flujo.event.LockEvent.LockRequested;
import dev.flujo.event.Outcome;
import dev.flujo.event.RunEvent.RunQueued;
import dev.flujo.event.plan.Job;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Plays a run to its end in a world where every runner is free and does at once what the dummy executor would do. */
final class Play {

    private static final int MOST_ROUNDS = 20_000;

    /** The pool that has no runners. */
    private static final String NOBODY = "nobody-is-here";

    private final Story story = new Story();
    private final Map<String, String> logs = new LinkedHashMap<>();
    private final Deque<Answer> answers = new ArrayDeque<>();
    private final Set<Attempt> stopping = new LinkedHashSet<>();
    private Instant now = Instant.parse("2026-11-24T10:00:00Z");

    Play(RunQueued queued, Optional<Boolean> approves, List<Answer> answers) {
        this.answers.addAll(answers);
        String commit = queued.revision().commit().orElse("");
        tell(new RunCommand.Begin(
                queued, approves.map(said -> new RunCommand.Hold(1, commit, "it comes from elsewhere"))));
        approves.ifPresent(said -> judge(commit, said));
        for (int round = 0; !run().ended(); round++) {
            if (round > MOST_ROUNDS || !step()) {
                throw new AssertionError("Expected a run that ends, but it waits: " + run().jobs());
            }
        }
    }

    Story story() {
        return story;
    }

    /** What a job printed in its last attempt. */
    String log(String job) {
        return logs.getOrDefault(job, "");
    }

    private Run run() {
        return story.run();
    }

    private boolean step() {
        for (Map.Entry<String, JobState> entry : run().jobs().entrySet()) {
            JobState state = entry.getValue();
            Attempt attempt = run().attempt(entry.getKey());
            if (state.phase() == Phase.QUEUED) {
                boolean taken = !job(attempt).pool().equals(NOBODY);
                tell(
                        taken
                                ? new RunCommand.Report(new JobStarted("shop", attempt, "r1", now))
                                : new RunCommand.TimeOut(attempt, RunCommand.Limit.QUEUE));
                return true;
            }
        }
        for (Map.Entry<String, JobState> entry : run().jobs().entrySet()) {
            Attempt attempt = run().attempt(entry.getKey());
            if (entry.getValue().withRunner()) {
                execute(attempt);
                return true;
            }
            if (entry.getValue().phase() == Phase.PAUSED) {
                now = now.plus(Duration.ofHours(1));
                tell(new RunCommand.TimeOut(attempt, RunCommand.Limit.PAUSE));
                return true;
            }
        }
        return answers.isEmpty() ? expire() : answer(answers.remove());
    }

    private void judge(String commit, boolean approves) {
        if (!run().jobs().values().stream().allMatch(job -> job.phase() == Phase.WAITING)) {
            throw new AssertionError("Expected a run that does nothing while it is held, but " + run());
        }
        tell(approves ? new RunCommand.Approve(commit, "bob") : new RunCommand.Reject(commit, "bob", Optional.empty()));
    }

    private boolean answer(Answer answer) {
        RunCommand command =
                new RunCommand.Answer(answer.job(), answer.approves(), answer.by(), answer.groups(), answer.comment());
        if (answer.status() == Answer.ACCEPTED) {
            tell(command);
            return true;
        }
        Decision.Reason expected =
                switch (answer.status()) {
                    case 403 -> Decision.Reason.NOT_ALLOWED;
                    case 404 -> Decision.Reason.JOB_UNKNOWN;
                    default -> Decision.Reason.NOT_WAITING;
                };
        Decision decision = Run.decide(story.known(), command, now);
        if (!(decision instanceof Decision.Rejected rejected) || rejected.reason() != expected) {
            throw new AssertionError("Expected " + answer + " to be refused, but " + decision);
        }
        return true;
    }

    /** Nobody says anything more. */
    private boolean expire() {
        for (Map.Entry<String, JobState> entry : run().jobs().entrySet()) {
            if (entry.getValue().phase() == Phase.APPROVING) {
                tell(new RunCommand.TimeOut(run().attempt(entry.getKey()), RunCommand.Limit.APPROVAL));
                return true;
            }
        }
        return false;
    }

    private void execute(Attempt attempt) {
        Job job = job(attempt);
        DummySteps steps = new DummySteps(run().work(job));
        if (run().plan()
                .timeout()
                .filter(most -> steps.waited().compareTo(most) > 0)
                .isPresent()) {
            tell(new RunCommand.RunTimeOut());
        }
        if (stopping.contains(attempt)) {
            tell(new RunCommand.Report(new JobFinished(
                    "shop", attempt, "r1", Outcome.CANCELLED, Optional.empty(), Optional.empty(), 0, now)));
            return;
        }
        logs.put(attempt.job(), steps.log());
        boolean tooLong = steps.waited().compareTo(job.timeout()) > 0;
        Optional<String> failure = tooLong ? Optional.of("timeout") : steps.failure();
        tell(new RunCommand.Report(new JobFinished(
                "shop",
                attempt,
                "r1",
                failure.isEmpty() ? Outcome.SUCCEEDED : Outcome.FAILED,
                tooLong
                        ? Optional.of("the job ran longer than its timeout of "
                                + job.timeout().toSeconds() + " s")
                        : failure,
                Optional.empty(),
                0,
                now,
                failure,
                steps.leaves())));
    }

    private Job job(Attempt attempt) {
        return run().plan().job(attempt.job()).orElseThrow();
    }

    private void tell(RunCommand command) {
        Decision decision = Run.decide(story.known(), command, now);
        if (!(decision instanceof Decision.Accepted accepted)) {
            throw new AssertionError("Expected " + command + " to be accepted, but " + decision);
        }
        for (Event event : accepted.events()) {
            story.add(event);
            if (event instanceof JobStopping stop) {
                stopping.add(stop.attempt());
            }
        }
        for (Event event : accepted.events()) {
            if (event instanceof LockRequested lock) {
                tell(new RunCommand.LockSays(new LockAcquired("shop", lock.lock(), lock.claim())));
            }
        }
    }
}
