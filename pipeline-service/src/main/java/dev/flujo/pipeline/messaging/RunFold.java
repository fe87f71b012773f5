package dev.flujo.pipeline.messaging;

import dev.flujo.event.Cause;
import dev.flujo.event.CommandEvent.RerunRun;
import dev.flujo.event.CommandEvent.StartRun;
import dev.flujo.event.Envelope;
import dev.flujo.event.Event;
import dev.flujo.event.Revision;
import dev.flujo.event.RunEvent;
import dev.flujo.event.RunEvent.DefinitionRefused;
import dev.flujo.event.RunEvent.RunApproved;
import dev.flujo.event.RunEvent.RunCancelling;
import dev.flujo.event.RunEvent.RunFinished;
import dev.flujo.event.RunEvent.RunHeld;
import dev.flujo.event.RunEvent.RunQuarantined;
import dev.flujo.event.RunEvent.RunQueued;
import dev.flujo.event.RunEvent.RunRefused;
import dev.flujo.event.RunEvent.RunSkipped;
import dev.flujo.event.RunEvent.RunStarted;
import dev.flujo.pipeline.store.RunRow;
import dev.flujo.pipeline.store.RunRow.Times;
import dev.flujo.pipeline.store.RunState;
import java.util.Optional;
import java.util.stream.Collectors;

/** What a run is after one more event of its log. */
public final class RunFold {

    private RunFold() {}

    /** The run that a command asks for, if it asks for one. */
    static Optional<RunRow> asked(Envelope envelope) {
        if (envelope.event() instanceof StartRun start) return Optional.of(asked(start, envelope));
        if (envelope.event() instanceof RerunRun rerun) return Optional.of(asked(rerun, envelope));
        return Optional.empty();
    }

    /** A run that is only asked for, as another one that is done again. */
    public static RunRow asked(RerunRun rerun, Envelope envelope) {
        return new RunRow(
                rerun.run(),
                rerun.project(),
                rerun.queued().pipeline(),
                Optional.empty(),
                RunState.ACCEPTED,
                Optional.empty(),
                rerun.queued().cause(),
                Optional.of(rerun.queued().revision()),
                Times.NONE,
                0,
                envelope.chainId());
    }

    /** A run that is only asked for. */
    public static RunRow asked(StartRun start, Envelope envelope) {
        return new RunRow(
                start.run(),
                start.project(),
                start.pipeline(),
                Optional.empty(),
                RunState.ACCEPTED,
                Optional.empty(),
                new Cause(
                        start.payload().isPresent() ? Cause.Kind.API : Cause.Kind.MANUAL,
                        start.by(),
                        start.requestId(),
                        start.receivedAt()),
                Optional.of(new Revision(
                        Optional.empty(),
                        start.branch(),
                        start.commit(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty())),
                Times.NONE,
                0,
                envelope.chainId());
    }

    /** The run after the event; none if the log does not begin with what begins a run. */
    static Optional<RunRow> after(Optional<RunRow> before, Envelope envelope) {
        Event event = envelope.event();
        if (event instanceof RunQueued e) {
            return Optional.of(queued(e, envelope));
        }
        if (event instanceof RunRefused e) {
            return Optional.of(refused(e, before, envelope));
        }
        if (event instanceof RunSkipped e) {
            return Optional.of(
                    over(e, Optional.of(e.version()), RunState.SKIPPED, e.reason(), e.cause(), e.revision(), envelope));
        }
        if (event instanceof DefinitionRefused e) {
            return Optional.of(
                    over(e, Optional.empty(), RunState.REFUSED, mistakes(e), e.cause(), e.revision(), envelope));
        }
        return before.map(run -> next(run, envelope, event));
    }

    private static RunRow next(RunRow run, Envelope envelope, Event event) {
        Times times = run.times();
        long sequence = envelope.sequence();
        if (event instanceof RunStarted) {
            RunState to = run.state() == RunState.QUEUED ? RunState.RUNNING : run.state();
            Times started = new Times(times.queuedAt(), Optional.of(envelope.time()), times.finishedAt());
            return run.with(to, run.reason(), started, sequence);
        }
        if (event instanceof RunHeld e) {
            return run.with(RunState.HELD, Optional.of(e.reason()), times, sequence);
        }
        if (event instanceof RunApproved) {
            return run.with(RunState.QUEUED, Optional.empty(), times, sequence);
        }
        if (event instanceof RunCancelling e) {
            return run.with(RunState.CANCELLING, Optional.of(e.reason()), times, sequence);
        }
        if (event instanceof RunQuarantined e) {
            return run.with(RunState.QUARANTINED, Optional.of(e.reason()), times, sequence);
        }
        if (event instanceof RunFinished e) {
            Times finished = new Times(times.queuedAt(), times.startedAt(), Optional.of(envelope.time()));
            return run.with(RunState.of(e.outcome()), e.reason().or(run::reason), finished, sequence);
        }
        return run.with(run.state(), run.reason(), times, sequence);
    }

    private static RunRow queued(RunQueued e, Envelope envelope) {
        return new RunRow(
                e.run(),
                e.project(),
                e.pipeline(),
                Optional.of(e.version()),
                RunState.QUEUED,
                Optional.empty(),
                e.cause(),
                Optional.of(e.revision()),
                new Times(Optional.of(envelope.time()), Optional.empty(), Optional.empty()),
                envelope.sequence(),
                envelope.chainId());
    }

    /** A run that was over before anything of it began. */
    private static RunRow over(
            RunEvent event,
            Optional<String> version,
            RunState state,
            String reason,
            Cause cause,
            Revision revision,
            Envelope envelope) {
        return new RunRow(
                event.run(),
                event.project(),
                event.pipeline(),
                version,
                state,
                Optional.of(reason),
                cause,
                Optional.of(revision),
                new Times(Optional.empty(), Optional.empty(), Optional.of(envelope.time())),
                envelope.sequence(),
                envelope.chainId());
    }

    /** All that is wrong with the file, a line for each. */
    private static String mistakes(DefinitionRefused refused) {
        int count = refused.mistakes().size();
        return "Expected a pipeline file in " + refused.file() + ", but " + count
                + (count == 1 ? " thing is" : " things are") + " wrong with it:\n"
                + refused.mistakes().stream().map(String::valueOf).collect(Collectors.joining("\n"));
    }

    private static RunRow refused(RunRefused e, Optional<RunRow> before, Envelope envelope) {
        return new RunRow(
                e.run(),
                e.project(),
                e.pipeline(),
                Optional.empty(),
                RunState.REFUSED,
                Optional.of(e.detail()),
                e.cause(),
                before.flatMap(RunRow::revision),
                new Times(Optional.empty(), Optional.empty(), Optional.of(envelope.time())),
                envelope.sequence(),
                envelope.chainId());
    }
}
