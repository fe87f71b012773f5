package dev.flujo.pipeline.orchestrator;

import dev.flujo.event.AssignmentEvent.WorkAssigned;
import dev.flujo.event.AssignmentEvent.WorkStopped;
import dev.flujo.event.Attempt;
import dev.flujo.event.DeployEvent.DeploymentStarted;
import dev.flujo.event.DerivedId;
import dev.flujo.event.Event;
import dev.flujo.event.JobEvent.JobFinished;
import dev.flujo.event.JobEvent.JobStarted;
import dev.flujo.event.JobEvent.StepFinished;
import dev.flujo.event.JobEvent.StepStarted;
import dev.flujo.event.Outcome;
import dev.flujo.event.RunnerEvent.RunnerAlive;
import dev.flujo.event.Topic;
import dev.flujo.event.Work;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.apache.kafka.streams.processor.api.Record;

/**
 * A runner, or the deploy-service: it notes what it is given, executes it at most once, and reports until all of it has been
 * heard. What it has noted and executed outlives it; how far it has read and reported does not.
 */
final class ModelRunner {

    private final String id;
    private final String pool;
    private final Topic reports;
    private final int slots;
    private final ModelTopics topics;
    private final Consumer<Work> witness;
    private final Map<Attempt, Note> notes = new TreeMap<>();
    private final Map<Attempt, Integer> said = new HashMap<>();
    private int committed;
    private int read;
    private int frozen;

    private static final class Note {

        private final Work work;
        private Optional<Outcome> outcome = Optional.empty();
        private boolean stopped;
        private boolean closed;

        Note(Work work) {
            this.work = work;
        }
    }

    ModelRunner(String id, Topic reports, int slots, ModelTopics topics, Consumer<Work> witness) {
        this.id = id;
        this.pool = reports == Topic.DEPLOYS ? "deploy" : "default";
        this.reports = reports;
        this.slots = slots;
        this.topics = topics;
        this.witness = witness;
    }

    void freeze(int ticks) {
        frozen = ticks;
    }

    boolean isFrozen() {
        return frozen > 0;
    }

    void tick() {
        frozen = Math.max(0, frozen - 1);
    }

    /** Dies between any two effects, and begins again. */
    void kill() {
        read = committed;
        said.clear();
    }

    /** Does one of the things that it can do; gives whether there was one. */
    boolean step(Random random) {
        if (isFrozen()) {
            return false;
        }
        List<Attempt> open = running();
        boolean waits = read < assignments().size();
        if (!waits && open.isEmpty()) {
            return false;
        }
        if (waits && (open.isEmpty() || random.nextBoolean())) {
            take();
        } else {
            goOn(open.get(random.nextInt(open.size())), random);
        }
        if (random.nextInt(3) > 0) {
            committed = read;
        }
        return true;
    }

    void beat() {
        if (!isFrozen()) {
            topics.say(
                    Topic.RUNNERS,
                    "alive-" + id + "-" + topics.steady().toEpochMilli(),
                    new RunnerAlive(pool, id, slots, List.of(), running(), false));
        }
    }

    private List<Record<byte[], byte[]>> assignments() {
        return topics.of(Topic.ASSIGNMENTS, id);
    }

    private List<Attempt> running() {
        return notes.entrySet().stream()
                .filter(entry -> !entry.getValue().closed)
                .map(Map.Entry::getKey)
                .toList();
    }

    private void take() {
        Record<byte[], byte[]> record = assignments().get(read);
        Event event = ModelTopics.read(Topic.ASSIGNMENTS, record).event();
        read++;
        if (event instanceof WorkAssigned assigned) {
            if (topics.age(record).toSeconds() <= assigned.leaseSeconds()) {
                notes.putIfAbsent(assigned.attempt(), new Note(assigned.work()));
            }
        } else if (event instanceof WorkStopped stop && notes.containsKey(stop.attempt())) {
            notes.get(stop.attempt()).stopped = true;
        }
    }

    /** One effect after the other: said to have begun, executed, said to have ended, forgotten. */
    private void goOn(Attempt attempt, Random random) {
        Note note = notes.get(attempt);
        int next = said.getOrDefault(attempt, 0);
        switch (next) {
            case 0 -> say(attempt, "started", new JobStarted(project(note), attempt, id, topics.now()), random);
            case 1 -> execute(note, random);
            case 2 -> say(attempt, "began", began(note), random);
            case 3 -> say(attempt, "step", ended(note), random);
            case 4 -> say(attempt, "finished", finished(note), random);
            default -> note.closed = true;
        }
        said.put(attempt, next + 1);
    }

    private void execute(Note note, Random random) {
        if (note.outcome.isPresent()) {
            return;
        }
        if (note.stopped) {
            note.outcome = Optional.of(Outcome.CANCELLED);
            return;
        }
        witness.accept(note.work);
        List<Outcome> outcomes = List.of(Outcome.SUCCEEDED, Outcome.SUCCEEDED, Outcome.SUCCEEDED, Outcome.FAILED);
        note.outcome = Optional.of(outcomes.get(random.nextInt(outcomes.size())));
    }

    /** Where the answer is lost, the same is sent again. */
    private void say(Attempt attempt, String what, Event event, Random random) {
        String report = DerivedId.of("report", attempt.id(), what).toString();
        topics.say(reports, report, event);
        if (random.nextInt(10) == 0) {
            topics.say(reports, report, event);
        }
    }

    private Event began(Note note) {
        Attempt attempt = note.work.attempt();
        if (reports == Topic.BUILDS) {
            return new StepStarted(project(note), attempt, 0, "step", topics.now());
        }
        String environment = note.work.job().environment().orElseThrow();
        return new DeploymentStarted(
                project(note),
                environment,
                DerivedId.deployment(attempt.run(), attempt.job(), environment),
                attempt,
                note.work.revision(),
                note.work.by());
    }

    private Event ended(Note note) {
        if (reports == Topic.DEPLOYS) {
            return began(note);
        }
        return new StepFinished(
                project(note), note.work.attempt(), 0, "step", note.outcome.orElseThrow(), 0, 1, topics.now());
    }

    private Event finished(Note note) {
        return new JobFinished(
                project(note),
                note.work.attempt(),
                id,
                note.outcome.orElseThrow(),
                Optional.empty(),
                Optional.empty(),
                0,
                topics.now());
    }

    private static String project(Note note) {
        return note.work.project();
    }
}
