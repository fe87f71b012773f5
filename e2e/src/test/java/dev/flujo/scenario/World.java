package dev.flujo.scenario;

import dev.flujo.core.Decision;
import dev.flujo.core.lock.Lock;
import dev.flujo.core.run.JobState;
import dev.flujo.core.run.JobState.Phase;
import dev.flujo.core.run.Run;
import dev.flujo.core.run.RunCommand;
import dev.flujo.event.Attempt;
import dev.flujo.event.Claim;
import dev.flujo.event.Event;
import dev.flujo.event.JobEvent.ApprovalRequested;
import dev.flujo.event.JobEvent.JobFinished;
import dev.flujo.event.JobEvent.JobSkipped;
import dev.flujo.event.JobEvent.JobStarted;
import dev.flujo.event.JobEvent.JobStopping;
import dev.flujo.event.LockEvent;
import dev.flujo.event.LockEvent.LockReleased;
import dev.flujo.event.LockEvent.LockRequested;
import dev.flujo.event.Outcome;
import dev.flujo.event.RunEvent.RunFinished;
import dev.flujo.event.Work;
import dev.flujo.event.plan.Job;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** Runs of one project and their locks, in a world where every runner is free and steps take the time that they say. */
final class World {

    private static final int MOST_ROUNDS = 20_000;

    /** A pool that has no runners. */
    private static final String NOWHERE = "nowhere";

    /** What the runner of the other pools has, as that of the scenarios' stack. */
    private static final Set<String> RUNNER_LABELS = Set.of("linux", "dummy");

    private final Map<UUID, Story> stories = new LinkedHashMap<>();
    private final Map<UUID, List<Event>> logs = new HashMap<>();
    private final Map<String, String> printed = new HashMap<>();
    private final Map<String, Lock> locks = new LinkedHashMap<>();
    private final Map<Attempt, Instant> ends = new LinkedHashMap<>();
    private final Map<Attempt, Boolean> stopping = new HashMap<>();
    private final Deque<Told> open = new ArrayDeque<>();
    private Instant now = Instant.parse("2026-11-24T10:00:00Z");

    private record Told(UUID run, RunCommand command) {}

    Instant now() {
        return now;
    }

    /** A moment passes, in which nothing ends. */
    void pass() {
        now = now.plusMillis(1);
    }

    Story story(UUID run) {
        return stories.get(run);
    }

    List<Event> log(UUID run) {
        return logs.get(run);
    }

    /** What a job of a run printed in its last attempt. */
    String printed(UUID run, String job) {
        return printed.getOrDefault(run + "/" + job, "");
    }

    Lock lock(String name) {
        return locks.getOrDefault(name, Lock.free("shop", name));
    }

    /** Puts a command before a run; everything that takes no time follows at once. */
    Decision tell(UUID run, RunCommand command) {
        Decision verdict = judge(run, command);
        settle();
        return verdict;
    }

    /** Lets time pass until nothing goes on any more, or this run has ended. */
    void passUntil(Optional<UUID> ended) {
        for (int round = 0; ended.isEmpty() || !story(ended.get()).run().ended(); round++) {
            Optional<Attempt> next = ends.entrySet().stream()
                    .min(Map.Entry.<Attempt, Instant>comparingByValue().thenComparing(Map.Entry.comparingByKey()))
                    .map(Map.Entry::getKey);
            if (round > MOST_ROUNDS) {
                throw new AssertionError("Expected runs that end, but they go on for ever: " + stories.keySet());
            }
            if (next.isEmpty() && !paused()) {
                return;
            }
            if (next.isPresent()) {
                Instant at = ends.remove(next.get());
                now = at.isAfter(now) ? at : now;
                end(next.get());
                settle();
            }
        }
    }

    /** Nobody says anything more to jobs that wait for consent. */
    boolean expire() {
        for (Story story : List.copyOf(stories.values())) {
            for (Map.Entry<String, JobState> job : story.run().jobs().entrySet()) {
                if (!story.run().ended() && job.getValue().phase() == Phase.APPROVING) {
                    Attempt attempt = new Attempt(
                            story.run().id(), job.getKey(), job.getValue().attempt() + 1);
                    tell(attempt.run(), new RunCommand.TimeOut(attempt, RunCommand.Limit.APPROVAL));
                    return true;
                }
            }
        }
        return false;
    }

    private boolean paused() {
        for (Story story : List.copyOf(stories.values())) {
            for (Map.Entry<String, JobState> job : story.run().jobs().entrySet()) {
                if (!story.run().ended() && job.getValue().phase() == Phase.PAUSED) {
                    Attempt attempt = story.run().attempt(job.getKey());
                    now = now.plus(Duration.ofHours(1));
                    tell(attempt.run(), new RunCommand.TimeOut(attempt, RunCommand.Limit.PAUSE));
                    return true;
                }
            }
        }
        return false;
    }

    private void settle() {
        while (!open.isEmpty()) {
            Told told = open.poll();
            judge(told.run(), told.command());
        }
        for (Story story : List.copyOf(stories.values())) {
            Run run = story.run();
            for (String job : run.jobs().keySet()) {
                if (taken(run.plan().job(job).orElseThrow())
                        && !run.ended()
                        && run.job(job).phase() == Phase.QUEUED) {
                    begin(run, run.attempt(job));
                    settle();
                    return;
                }
            }
        }
    }

    private void begin(Run run, Attempt attempt) {
        Work work = run.work(run.plan().job(attempt.job()).orElseThrow());
        Duration takes = new DummySteps(work).took();
        judge(attempt.run(), new RunCommand.Report(new JobStarted("shop", attempt, "r1", now)));
        if (takes.isZero()) {
            end(attempt);
        } else {
            ends.put(attempt, now.plus(takes));
        }
    }

    private void end(Attempt attempt) {
        Run run = story(attempt.run()).run();
        DummySteps steps = new DummySteps(run.work(run.plan().job(attempt.job()).orElseThrow()));
        boolean stopped = stopping.containsKey(attempt);
        printed.put(attempt.jobId(), steps.log());
        Outcome outcome = steps.failure().isEmpty() ? Outcome.SUCCEEDED : Outcome.FAILED;
        JobFinished finished = new JobFinished(
                "shop",
                attempt,
                "r1",
                stopped ? Outcome.CANCELLED : outcome,
                stopped ? Optional.empty() : steps.failure(),
                Optional.empty(),
                0,
                now,
                stopped ? Optional.empty() : steps.failure(),
                stopped ? Optional.empty() : steps.leaves());
        judge(attempt.run(), new RunCommand.Report(finished));
    }

    private Decision judge(UUID id, RunCommand command) {
        Optional<Run> before = Optional.ofNullable(stories.get(id)).map(Story::run);
        Decision decision = Run.decide(before, command, now);
        if (decision instanceof Decision.Accepted accepted) {
            for (Event event : accepted.events()) {
                Optional<Run> earlier = Optional.ofNullable(stories.get(id)).map(Story::run);
                stories.computeIfAbsent(id, unused -> new Story()).add(event);
                logs.computeIfAbsent(id, unused -> new ArrayList<>()).add(event);
                follow(story(id).run(), earlier, event);
            }
        }
        return decision;
    }

    private void follow(Run run, Optional<Run> earlier, Event event) {
        if (event instanceof LockRequested e) {
            change(e.lock(), lock(e.lock()).decideRequested(e));
        } else if (event instanceof ApprovalRequested e) {
            environment(run, e.attempt().job()).ifPresent(name -> outdate(run, e.attempt(), lock(name)));
        } else if (event instanceof JobStopping e) {
            stopping.put(e.attempt(), true);
            ends.replace(e.attempt(), now);
        } else if (event instanceof JobFinished e) {
            release(run, earlier.orElseThrow(), e.attempt(), e.outcome() == Outcome.SUCCEEDED);
        } else if (event instanceof JobSkipped e) {
            release(run, earlier.orElseThrow(), e.attempt(), false);
        } else if (event instanceof RunFinished) {
            run.turn()
                    .ifPresent(
                            turn -> change(turn.lock(), lock(turn.lock()).decideReleased(Claim.of(run.id()), false)));
        }
    }

    private static boolean taken(Job job) {
        return !job.pool().equals(NOWHERE)
                && RUNNER_LABELS.containsAll(job.placement().labels());
    }

    private void release(Run run, Run earlier, Attempt attempt, boolean succeeded) {
        Phase was = earlier.job(attempt.job()).phase();
        if (was == Phase.LOCKING
                || was == Phase.QUEUED
                || earlier.job(attempt.job()).withRunner()) {
            Job job = run.plan().job(attempt.job()).orElseThrow();
            run.locks(job).forEach(name -> change(name, lock(name).decideReleased(Claim.of(attempt), succeeded)));
        }
    }

    private void change(String name, List<LockEvent> events) {
        for (LockEvent event : events) {
            locks.put(name, lock(name).evolve(event));
            if (event instanceof LockReleased released && released.left().isPresent()) {
                outdateAll(name);
            }
            if (!(event instanceof LockRequested || event instanceof LockReleased)) {
                open.add(new Told(event.run(), new RunCommand.LockSays(event)));
            }
        }
    }

    private void outdateAll(String name) {
        for (Story story : stories.values()) {
            Run run = story.run();
            run.jobs().forEach((job, state) -> {
                if (state.phase() == Phase.APPROVING && environment(run, job).equals(Optional.of(name))) {
                    outdate(run, new Attempt(run.id(), job, state.attempt() + 1), lock(name));
                }
            });
        }
    }

    private void outdate(Run run, Attempt attempt, Lock lock) {
        if (lock.outdates(run.cause().age())) {
            UUID by = lock.newest().orElseThrow().by().run();
            open.add(new Told(run.id(), new RunCommand.Outdate(attempt, lock.name(), by)));
        }
    }

    private static Optional<String> environment(Run run, String id) {
        Job job = run.plan().job(id).orElseThrow();
        return job.environment().map(unused -> {
            List<String> names = run.locks(job);
            return names.get(names.size() - 1);
        });
    }
}
