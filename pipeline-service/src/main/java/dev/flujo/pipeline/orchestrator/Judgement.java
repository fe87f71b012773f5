package dev.flujo.pipeline.orchestrator;

import dev.flujo.core.Decision;
import dev.flujo.core.lock.Lock;
import dev.flujo.core.run.JobState;
import dev.flujo.core.run.JobState.Phase;
import dev.flujo.core.run.Run;
import dev.flujo.core.run.RunCommand;
import dev.flujo.core.run.RunCommand.Limit;
import dev.flujo.event.Attempt;
import dev.flujo.event.Claim;
import dev.flujo.event.DerivedId;
import dev.flujo.event.Envelope;
import dev.flujo.event.Event;
import dev.flujo.event.JobEvent.ApprovalRequested;
import dev.flujo.event.JobEvent.JobFinished;
import dev.flujo.event.JobEvent.JobLost;
import dev.flujo.event.JobEvent.JobQueued;
import dev.flujo.event.JobEvent.JobRetrying;
import dev.flujo.event.JobEvent.JobSkipped;
import dev.flujo.event.JobEvent.JobStarted;
import dev.flujo.event.JobEvent.JobStopping;
import dev.flujo.event.LockEvent;
import dev.flujo.event.LockEvent.LockRequested;
import dev.flujo.event.Outcome;
import dev.flujo.event.PoolEvent;
import dev.flujo.event.PoolEvent.SlotReleased;
import dev.flujo.event.PoolEvent.SlotRequested;
import dev.flujo.event.PoolEvent.StopRequested;
import dev.flujo.event.RunEvent.RunApproved;
import dev.flujo.event.RunEvent.RunExtended;
import dev.flujo.event.RunEvent.RunFinished;
import dev.flujo.event.RunEvent.RunHeld;
import dev.flujo.event.RunEvent.RunQuarantined;
import dev.flujo.event.RunEvent.RunQueued;
import dev.flujo.event.Topic;
import dev.flujo.event.plan.Job;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Everything that follows from one record: the verdicts of the runs and locks that it concerns, the events they give, and
 * the state they leave. Nothing is kept or sent before all of it is known, so a record that cannot be judged leaves no
 * trace.
 */
final class Judgement {

    static final URI SOURCE = URI.create("/flujo/orchestrator");

    /** How much longer than its timeout a job may run before the orchestrator steps in for a silent runner. */
    private static final Duration GRACE = Duration.ofMinutes(1);

    /** How long a run waits for somebody to approve it. */
    private static final Duration PATIENCE = Duration.ofDays(7);

    private final ProjectStores stores;
    private final String causeId;
    private final Instant now;
    private final Map<UUID, RunRow> runs = new LinkedHashMap<>();
    private final LockChanges locks;
    private final List<Output> outputs = new ArrayList<>();
    private final List<HeldRun> held = new ArrayList<>();
    private final List<Approving> approving = new ArrayList<>();
    private final List<Timer> timers = new ArrayList<>();
    private final Map<RunExtended, Integer> extensions = new LinkedHashMap<>();
    private final Deque<RunRow> ended = new ArrayDeque<>();
    private final Deque<Told> open = new ArrayDeque<>();
    private final Deque<Asking> asking = new ArrayDeque<>();
    private int count;

    private record Told(UUID run, RunCommand command) {}

    /** An attempt has asked for a lock while its run has its turn: only so can others wait for those that wait for them. */
    private record Asking(String project, String lock, Attempt attempt) {}

    private record Timer(Instant due, Alarm alarm) {}

    Judgement(ProjectStores stores, String causeId, Instant now) {
        this.stores = stores;
        this.locks = new LockChanges(stores.locks());
        this.causeId = causeId;
        this.now = now;
    }

    /** Begins a run, unless its cause has begun it before. */
    void begin(RunCommand.Begin begin, String planKey, UUID chainId, int depth) {
        UUID id = begin.queued().run();
        if (knows(id)) {
            return;
        }
        stores.runs().putPlan(planKey, begin.queued().plan());
        Decision decision = Run.decide(Optional.empty(), begin, now);
        follow(id, Optional.empty(), decision, new RunRow(null, planKey, chainId, depth, 0));
        settle();
    }

    /** Whether there is such a run, or was. */
    boolean knows(UUID run) {
        return stores.runs().ended(run).isPresent() || row(run).isPresent();
    }

    /** The run as this record has left it so far, unless it has ended before. */
    Optional<Run> run(UUID id) {
        return row(id).map(RunRow::run);
    }

    /** Puts a command before a run and follows up on what comes of it; gives the run's own verdict. */
    Decision tell(UUID run, RunCommand command) {
        Optional<RunRow> row = row(run);
        if (row.isEmpty()) {
            Optional<EndedRun> ended = stores.runs().ended(run);
            return ended.isPresent()
                    ? Decision.rejected(
                            Decision.Reason.RUN_FINISHED,
                            "Expected a run that has not ended, but run " + run + " has "
                                    + ended.get().outcome())
                    : Decision.rejected(
                            Decision.Reason.RUN_UNKNOWN, "Expected a run that exists, but there is no run " + run);
        }
        Decision decision = Run.decide(Optional.of(row.get().run()), command, now);
        follow(run, Optional.of(row.get().run()), decision, row.get());
        settle();
        return decision;
    }

    /** An attempt has ended, whatever its run says: its slot is free, and its locks are. */
    void release(Attempt attempt) {
        row(attempt.run()).ifPresent(row -> row.run().plan().job(attempt.job()).ifPresent(job -> {
            request(row, new SlotReleased(job.pool(), attempt));
            releaseLocks(row.run(), attempt);
        }));
        settle();
    }

    void send(Topic topic, String id, UUID chainId, Event event) {
        outputs.add(new Output(topic, Envelope.of(id, SOURCE, now, chainId, event)));
    }

    void sendFirst(UUID run, UUID chainId, Event event) {
        String id = DerivedId.event(run, causeId, count++);
        outputs.add(new Output(Topic.RUNS, new Envelope(id, SOURCE, now, chainId, 1, event)));
    }

    /** A run that has ended by this record, each once. */
    Optional<RunRow> nextEnded() {
        return Optional.ofNullable(ended.poll());
    }

    /** Keeps the new state; what is to be sent is given back. */
    List<Output> keep() {
        extensions.forEach(stores.runs()::putExtension);
        held.forEach(run -> stores.runs().putHeld(runs.get(run.run()).run().project(), run));
        runs.values().forEach(row -> stores.runs().put(row, now));
        locks.keep();
        approving.forEach(stores::putApproving);
        timers.forEach(timer -> stores.putAlarm(timer.due(), timer.alarm()));
        return outputs;
    }

    private void settle() {
        while (!open.isEmpty() || !asking.isEmpty()) {
            if (open.isEmpty()) {
                openCircle(asking.poll());
                continue;
            }
            Told told = open.poll();
            RunRow row = row(told.run()).orElseThrow();
            Decision decision = Run.decide(Optional.of(row.run()), told.command(), now);
            follow(told.run(), Optional.of(row.run()), decision, row);
        }
    }

    /** Who was superseded meanwhile waits for nothing any more. */
    private void openCircle(Asking last) {
        UUID run = last.attempt().run();
        locks.circle(last.project(), last.lock(), Claim.of(last.attempt()))
                .ifPresent(circle -> open.add(new Told(run, new RunCommand.GiveWay(last.attempt(), circle))));
    }

    private void follow(UUID id, Optional<Run> before, Decision decision, RunRow from) {
        if (!(decision instanceof Decision.Accepted accepted)) {
            return;
        }
        Optional<Run> run = before;
        RunRow latest = from;
        for (Event event : accepted.events()) {
            Optional<Run> earlier = run;
            run = Optional.of(Run.evolve(run, event));
            RunRow row = latest.with(run.get());
            if (event instanceof RunExtended extended) {
                extensions.put(extended, row.extensions());
                row = row.extended();
            }
            latest = row;
            runs.put(id, row);
            String eventId = DerivedId.event(id, causeId, count++);
            outputs.add(new Output(
                    Topic.RUNS,
                    new Envelope(eventId, SOURCE, now, from.chainId(), run.get().version(), event)));
            consequences(row, earlier, event);
        }
    }

    private void consequences(RunRow row, Optional<Run> before, Event event) {
        Run run = row.run();
        if (event instanceof RunQueued || event instanceof RunApproved) {
            UUID id = run.id();
            run.plan().timeout().ifPresent(time -> timers.add(new Timer(now.plus(time), Alarm.of(id))));
        } else if (event instanceof RunHeld e) {
            timers.removeIf(timer -> timer.alarm().equals(Alarm.of(e.run())));
            timers.add(new Timer(now.plus(PATIENCE), Alarm.ofHold(e.run())));
            held.add(new HeldRun(e.run(), e.request(), e.commit()));
        } else if (event instanceof ApprovalRequested e) {
            ring(e.until(), e.attempt(), Limit.APPROVAL);
            environment(run, job(run, e.attempt())).ifPresent(lock -> approving(run, e.attempt(), lock));
        } else if (event instanceof JobQueued e) {
            Job job = job(run, e.attempt());
            request(row, new SlotRequested(e.pool(), run.work(job), now, lock(run, job)));
            job.placement().queueTimeout().ifPresent(time -> ring(now.plus(time), e.attempt(), Limit.QUEUE));
        } else if (event instanceof JobStarted e) {
            ring(now.plus(job(run, e.attempt()).timeout()).plus(GRACE), e.attempt(), Limit.EXECUTION);
        } else if (event instanceof JobStopping e) {
            ring(now.plus(GRACE), e.attempt(), Limit.EXECUTION);
            request(row, new StopRequested(job(run, e.attempt()).pool(), run.project(), e.attempt(), e.reason()));
        } else if (event instanceof JobRetrying e) {
            ring(e.notBefore(), e.attempt(), Limit.PAUSE);
        } else if (event instanceof JobSkipped e) {
            withdraw(row, before.orElseThrow().job(e.attempt().job()), e.attempt(), e.reason());
        } else if (event instanceof JobFinished e) {
            finished(row, before.orElseThrow().job(e.attempt().job()), e);
        } else if (event instanceof JobLost e) {
            releaseLocks(run, e.attempt());
        } else if (event instanceof LockRequested e) {
            tell(locks.request(e));
            if (run.turn().filter(Run.Turn::taken).isPresent()) {
                e.attempt().ifPresent(attempt -> asking.add(new Asking(run.project(), e.lock(), attempt)));
            }
        } else if (event instanceof RunQuarantined) {
            quarantined(run);
        } else if (event instanceof RunFinished) {
            releaseTurn(run);
            ended.add(row);
        }
    }

    /** Others do not wait for a run that waits for a person; what runners have of it keeps its locks to its end. */
    private void quarantined(Run run) {
        releaseTurn(run);
        run.jobs().forEach((job, state) -> {
            if (state.phase() == Phase.LOCKING || state.phase() == Phase.QUEUED) {
                releaseLocks(run, run.attempt(job));
            }
        });
    }

    private void finished(RunRow row, JobState was, JobFinished event) {
        if (was.withRunner()) {
            request(row, new SlotReleased(job(row.run(), event.attempt()).pool(), event.attempt()));
            releaseLocks(row.run(), event.attempt(), event.outcome() == Outcome.SUCCEEDED);
        } else {
            withdraw(row, was, event.attempt(), event.reason().orElse(""));
        }
    }

    /** Takes back what an attempt has asked for that no runner has yet, as far as is known. */
    private void withdraw(RunRow row, JobState was, Attempt attempt, String reason) {
        Run run = row.run();
        if (was.phase() == Phase.QUEUED) {
            request(row, new StopRequested(job(run, attempt).pool(), run.project(), attempt, reason));
        }
        if (was.phase() == Phase.QUEUED || was.phase() == Phase.LOCKING) {
            releaseLocks(run, attempt);
        }
    }

    private void ring(Instant due, Attempt attempt, Limit limit) {
        timers.add(new Timer(due, Alarm.of(attempt, limit)));
    }

    /** A newer run may have been before this one, or may come before anybody has consented. */
    private void approving(Run run, Attempt attempt, String name) {
        Approving wish = new Approving(run.project(), name, attempt, run.cause().age());
        approving.add(wish);
        Lock lock = locks.lock(run.project(), name);
        if (lock.outdates(wish.age())) {
            outdate(wish, lock);
        }
    }

    private void outdate(Approving wish, Lock lock) {
        String environment = lock.name().substring(lock.name().indexOf(':') + 1);
        UUID by = lock.newest().orElseThrow().by().run();
        open.add(new Told(wish.attempt().run(), new RunCommand.Outdate(wish.attempt(), environment, by)));
    }

    private void outdated(Lock lock) {
        for (Approving wish : stores.approving(lock.project(), lock.name())) {
            boolean waits = row(wish.attempt().run())
                    .filter(row -> row.run().job(wish.attempt().job()).phase() == Phase.APPROVING)
                    .isPresent();
            if (!waits) {
                stores.removeApproving(wish);
            } else if (lock.outdates(wish.age())) {
                outdate(wish, lock);
            }
        }
    }

    private static Optional<String> environment(Run run, Job job) {
        return job.environment().isEmpty()
                ? Optional.empty()
                : run.locks(job).stream().reduce((first, last) -> last);
    }

    private void releaseLocks(Run run, Attempt attempt) {
        releaseLocks(run, attempt, false);
    }

    private void releaseLocks(Run run, Attempt attempt, boolean succeeded) {
        for (String lock : run.locks(job(run, attempt))) {
            tell(locks.release(run.project(), lock, Claim.of(attempt), succeeded));
        }
        for (Optional<Lock> left = locks.nextLeft(); left.isPresent(); left = locks.nextLeft()) {
            outdated(left.get());
        }
    }

    private void releaseTurn(Run run) {
        run.turn().ifPresent(turn -> tell(locks.release(run.project(), turn.lock(), Claim.of(run.id()), false)));
    }

    private void tell(List<LockEvent> events) {
        events.forEach(event -> open.add(new Told(event.run(), new RunCommand.LockSays(event))));
    }

    /** What an attempt holds once it is queued, or its run does. */
    private static Optional<String> lock(Run run, Job job) {
        return run.locks(job).stream().findFirst().or(() -> run.turn().map(Run.Turn::lock));
    }

    private void request(RunRow row, PoolEvent event) {
        String id = DerivedId.of("request", causeId, Integer.toString(count++)).toString();
        send(Topic.POOL_REQUESTS, id, row.chainId(), event);
    }

    private Optional<RunRow> row(UUID id) {
        RunRow changed = runs.get(id);
        return changed == null ? stores.runs().run(id) : Optional.of(changed);
    }

    private static Job job(Run run, Attempt attempt) {
        return run.plan().job(attempt.job()).orElseThrow();
    }
}
