package dev.flujo.core.run;

import dev.flujo.core.Decision;
import dev.flujo.event.Attempt;
import dev.flujo.event.Event;
import dev.flujo.event.JobEvent.JobFinished;
import dev.flujo.event.Outcome;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A run under judgement: its new events are applied at once, to see what else follows from them. */
final class Draft {

    private final List<Event> events = new ArrayList<>();
    private final Instant now;
    private Optional<Run> run;

    Draft(Optional<Run> run, Instant now) {
        this.run = run;
        this.now = now;
    }

    Optional<Run> known() {
        return run;
    }

    Run run() {
        return run.orElseThrow();
    }

    JobState job(String id) {
        return run().job(id);
    }

    Instant now() {
        return now;
    }

    void emit(Event event) {
        run = Optional.of(Run.evolve(run, event));
        events.add(event);
    }

    Decision accepted() {
        return new Decision.Accepted(events);
    }

    /** The end of an attempt whose runner cannot say it itself; so its time is that of this judgement. */
    JobFinished finished(Attempt attempt, Outcome outcome, String failure, String reason) {
        return new JobFinished(
                run().project(),
                attempt,
                job(attempt.job()).runner().orElse("none"),
                outcome,
                Optional.of(reason),
                Optional.empty(),
                0,
                now,
                Optional.of(failure),
                Optional.empty());
    }

    String id() {
        return run.map(current -> current.id().toString()).orElse("?");
    }
}
