package dev.flujo.pipeline.orchestrator;

import dev.flujo.core.run.RunCommand;
import dev.flujo.event.Attempt;
import java.util.Optional;
import java.util.UUID;

/** A time of a run that will be over: its own, or one of an attempt, with what the attempt was given it for. */
record Alarm(UUID run, Optional<Attempt> attempt, Optional<RunCommand.Limit> limit) {

    static Alarm of(Attempt attempt, RunCommand.Limit limit) {
        return new Alarm(attempt.run(), Optional.of(attempt), Optional.of(limit));
    }

    static Alarm of(UUID run) {
        return new Alarm(run, Optional.empty(), Optional.empty());
    }

    static Alarm ofHold(UUID run) {
        return new Alarm(run, Optional.empty(), Optional.of(RunCommand.Limit.HOLD));
    }

    RunCommand command() {
        return attempt.<RunCommand>map(whose -> new RunCommand.TimeOut(whose, limit.orElseThrow()))
                .orElseGet(() -> limit.isPresent() ? new RunCommand.HoldTimeOut() : new RunCommand.RunTimeOut());
    }

    String id() {
        return attempt.map(Attempt::id).orElseGet(run::toString)
                + limit.map(which -> "/" + which).orElse("");
    }
}
