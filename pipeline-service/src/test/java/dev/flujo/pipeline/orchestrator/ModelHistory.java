package dev.flujo.pipeline.orchestrator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.flujo.core.lock.Lock;
import dev.flujo.core.run.JobState;
import dev.flujo.core.run.Run;
import dev.flujo.event.Attempt;
import dev.flujo.event.Claim;
import dev.flujo.event.DeployEvent;
import dev.flujo.event.Envelope;
import dev.flujo.event.Event;
import dev.flujo.event.JobEvent;
import dev.flujo.event.JobEvent.JobFinished;
import dev.flujo.event.JobEvent.JobLost;
import dev.flujo.event.JobEvent.JobSkipped;
import dev.flujo.event.JobEvent.JobStarted;
import dev.flujo.event.LockEvent;
import dev.flujo.event.LockEvent.LockAcquired;
import dev.flujo.event.LockEvent.LockRequested;
import dev.flujo.event.Outcome;
import dev.flujo.event.RunEvent;
import dev.flujo.event.RunEvent.RunRefused;
import dev.flujo.event.RunEvent.RunSkipped;
import dev.flujo.event.Topic;
import dev.flujo.event.Work;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;

/** What the run log says, replayed as it grows and compared with what is kept; and what a witness saw being executed. */
final class ModelHistory {

    private final Map<UUID, Run> runs = new LinkedHashMap<>();
    private final Map<UUID, List<Event>> logs = new HashMap<>();
    private final Map<String, List<Claim>> asked = new HashMap<>();
    private final Map<String, Integer> lastTurns = new HashMap<>();
    private final Map<Attempt, Integer> executions = new HashMap<>();

    /** All runs as their logs say that they are, in the order of their beginnings. */
    Collection<Run> runs() {
        return runs.values();
    }

    /** A transaction counts from now on: what is kept of the runs that it concerns is what their logs say. */
    void committed(List<ModelContext.Sent> sent, Supplier<ProjectStores> stores) {
        Set<UUID> touched = new HashSet<>();
        for (ModelContext.Sent one : sent) {
            if (one.topic() == Topic.RUNS) {
                Envelope envelope = ModelTopics.read(Topic.RUNS, one.record());
                if (!(envelope.event() instanceof RunRefused || envelope.event() instanceof RunSkipped)) {
                    touched.add(follow(envelope));
                }
            }
        }
        if (touched.isEmpty()) {
            return;
        }
        ProjectStores kept = stores.get();
        for (UUID id : touched) {
            Optional<Run> living = Optional.of(runs.get(id)).filter(run -> !run.ended());
            assertEquals(living, kept.runs().run(id).map(RunRow::run), "what is kept is not what the log says");
        }
    }

    /** A runner executes something: it may, and nobody else has what it needs for itself. */
    void executes(Work work, ProjectStores kept) {
        Attempt attempt = work.attempt();
        assertEquals(1, executions.merge(attempt, 1, Integer::sum), () -> "executed twice: " + attempt.id());
        Optional<Run> run = kept.runs().run(attempt.run()).map(RunRow::run);
        JobState state = run.map(its -> its.job(attempt.job())).orElse(null);
        if (state == null || state.attempt() != attempt.number() || !(state.withRunner() || queued(state))) {
            return;
        }
        for (String name : run.get().locks(run.get().plan().job(attempt.job()).orElseThrow())) {
            Lock lock = kept.locks().lock(run.get().project(), name);
            assertTrue(lock.holds(Claim.of(attempt)), () -> "executed without its lock: " + attempt.id() + ", " + lock);
        }
        assertTrue(!run.get().awaitsTurn(), () -> "executed before the turn of its run: " + attempt.id());
    }

    private static boolean queued(JobState state) {
        return state.phase() == JobState.Phase.QUEUED;
    }

    /** Everything is over: whatever began has ended, once. */
    void assertComplete() {
        runs.values().forEach(run -> assertTrue(run.ended() && !run.quarantined(), () -> "never ended: " + run));
        logs.values().forEach(this::assertEnded);
    }

    private UUID follow(Envelope envelope) {
        Event event = envelope.event();
        UUID id = runOf(event);
        Run run = Run.evolve(Optional.ofNullable(runs.get(id)), event);
        assertEquals(run.version(), envelope.sequence(), () -> "a gap before " + event);
        runs.put(id, run);
        logs.computeIfAbsent(id, unused -> new ArrayList<>()).add(event);
        if (event instanceof LockRequested e) {
            asked.computeIfAbsent(e.subject(), unused -> new ArrayList<>()).add(e.claim());
        } else if (event instanceof LockAcquired e) {
            int turn = asked.get(e.subject()).indexOf(e.claim());
            Integer last = lastTurns.put(e.subject(), turn);
            assertTrue(last == null || turn > last, () -> "overtook: " + e);
        }
        return id;
    }

    private void assertEnded(List<Event> log) {
        Set<Attempt> open = new HashSet<>();
        for (Event event : log) {
            if (event instanceof JobStarted e) open.add(e.attempt());
            if (event instanceof JobFinished e) open.remove(e.attempt());
            if (event instanceof JobSkipped e) open.remove(e.attempt());
            if (event instanceof JobLost e) open.remove(e.attempt());
            if (event instanceof JobFinished e && executed(e)) {
                assertEquals(1, executions.getOrDefault(e.attempt(), 0), () -> "not executed, but ended: " + e);
            }
        }
        assertEquals(Set.of(), open, "started and never ended");
        Set<String> deployed = new HashSet<>();
        executions.keySet().stream()
                .filter(attempt -> attempt.job().equals("d") && attempt.run().equals(runOf(log.get(0))))
                .forEach(attempt -> assertTrue(deployed.add(attempt.job()), () -> "deployed twice: " + attempt.id()));
    }

    private static boolean executed(JobFinished event) {
        return !event.runner().equals("none")
                && (event.outcome() == Outcome.SUCCEEDED || event.outcome() == Outcome.FAILED);
    }

    private static UUID runOf(Event event) {
        if (event instanceof RunEvent e) return e.run();
        if (event instanceof LockEvent e) return e.run();
        if (event instanceof JobEvent e) return e.attempt().run();
        return Run.deployAttempt((DeployEvent) event).run();
    }
}
