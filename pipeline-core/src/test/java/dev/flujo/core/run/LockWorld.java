package dev.flujo.core.run;

import dev.flujo.core.Decision;
import dev.flujo.core.lock.Lock;
import dev.flujo.core.run.JobState.Phase;
import dev.flujo.event.Attempt;
import dev.flujo.event.Claim;
import dev.flujo.event.Event;
import dev.flujo.event.JobEvent.JobFinished;
import dev.flujo.event.JobEvent.JobLost;
import dev.flujo.event.JobEvent.JobSkipped;
import dev.flujo.event.LockEvent;
import dev.flujo.event.LockEvent.LockReleased;
import dev.flujo.event.LockEvent.LockRequested;
import dev.flujo.event.Outcome;
import dev.flujo.event.RunEvent.RunFinished;
import dev.flujo.event.RunEvent.RunQuarantined;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Runs and locks of one project that talk to each other as in the orchestrator, with their logs. */
final class LockWorld {

    private final Map<UUID, Run> runs = new LinkedHashMap<>();
    private final Map<String, Lock> locks = new LinkedHashMap<>();
    private final Map<UUID, List<Event>> logs = new LinkedHashMap<>();
    private final Map<String, List<LockEvent>> lockLogs = new LinkedHashMap<>();
    private final Deque<Told> open = new ArrayDeque<>();
    private final Instant now;

    private record Told(UUID run, RunCommand command) {}

    LockWorld(Instant now) {
        this.now = now;
    }

    Map<UUID, Run> runs() {
        return runs;
    }

    Map<String, Lock> locks() {
        return locks;
    }

    List<Event> log(UUID run) {
        return logs.getOrDefault(run, List.of());
    }

    List<LockEvent> log(String lock) {
        return lockLogs.getOrDefault(lock, List.of());
    }

    void tell(UUID run, RunCommand command) {
        open.add(new Told(run, command));
        while (!open.isEmpty()) {
            Told told = open.poll();
            judge(told.run(), told.command());
        }
    }

    private void judge(UUID id, RunCommand command) {
        Optional<Run> before = Optional.ofNullable(runs.get(id));
        if (!(Run.decide(before, command, now) instanceof Decision.Accepted accepted)) {
            if (before.isPresent() && over(command)) {
                Attempt attempt = ((RunCommand.Report) command).event().attempt();
                if (before.get().plan().job(attempt.job()).isPresent()) {
                    release(before.get(), attempt);
                }
            }
            return;
        }
        for (Event event : accepted.events()) {
            Optional<Run> earlier = Optional.ofNullable(runs.get(id));
            Run run = Run.evolve(earlier, event);
            runs.put(id, run);
            logs.computeIfAbsent(id, unused -> new ArrayList<>()).add(event);
            follow(run, earlier, event);
        }
    }

    private static boolean over(RunCommand command) {
        return command instanceof RunCommand.Report report
                && (report.event() instanceof JobFinished || report.event() instanceof JobLost);
    }

    private void follow(Run run, Optional<Run> earlier, Event event) {
        if (event instanceof LockRequested e) {
            change(e.lock(), lock(e.lock()).decideRequested(e));
        } else if (event instanceof JobFinished e) {
            JobState was = earlier.orElseThrow().job(e.attempt().job());
            if (was.active()) {
                release(run, e.attempt(), e.outcome() == Outcome.SUCCEEDED);
            }
        } else if (event instanceof JobLost e) {
            release(run, e.attempt());
        } else if (event instanceof JobSkipped e) {
            if (earlier.orElseThrow().job(e.attempt().job()).active()) {
                release(run, e.attempt());
            }
        } else if (event instanceof RunFinished) {
            releaseTurn(run);
        } else if (event instanceof RunQuarantined) {
            releaseTurn(run);
            run.jobs().forEach((job, state) -> {
                if (state.phase() == Phase.LOCKING || state.phase() == Phase.QUEUED) {
                    release(run, run.attempt(job));
                }
            });
        }
    }

    private void release(Run run, Attempt attempt) {
        release(run, attempt, false);
    }

    private void release(Run run, Attempt attempt, boolean succeeded) {
        run.locks(run.plan().job(attempt.job()).orElseThrow())
                .forEach(name -> change(name, lock(name).decideReleased(Claim.of(attempt), succeeded)));
    }

    private void releaseTurn(Run run) {
        run.turn().ifPresent(turn -> change(turn.lock(), lock(turn.lock()).decideReleased(Claim.of(run.id()), false)));
    }

    private void change(String name, List<LockEvent> events) {
        for (LockEvent event : events) {
            locks.put(name, lock(name).evolve(event));
            lockLogs.computeIfAbsent(name, unused -> new ArrayList<>()).add(event);
            if (!(event instanceof LockRequested || event instanceof LockReleased)) {
                open.add(new Told(event.run(), new RunCommand.LockSays(event)));
            }
        }
    }

    private Lock lock(String name) {
        return locks.getOrDefault(name, Lock.free("shop", name));
    }
}
