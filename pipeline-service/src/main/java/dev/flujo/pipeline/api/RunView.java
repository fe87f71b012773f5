package dev.flujo.pipeline.api;

import dev.flujo.event.Cause;
import dev.flujo.event.Revision;
import dev.flujo.pipeline.store.RunRow;
import dev.flujo.pipeline.store.RunState;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/** A run as it is now; {@code sequence} is the number of the last event that this takes in. */
public record RunView(
        UUID id,
        String project,
        String pipeline,
        Optional<String> version,
        RunState state,
        Optional<String> reason,
        Cause cause,
        Optional<String> repository,
        Optional<String> branch,
        Optional<String> commit,
        Optional<String> message,
        Optional<String> author,
        Optional<Instant> queuedAt,
        Optional<Instant> startedAt,
        Optional<Instant> finishedAt,
        long sequence,
        String traceId) {

    static RunView of(RunRow row) {
        return new RunView(
                row.run(),
                row.project(),
                row.pipeline(),
                row.version(),
                row.state(),
                row.reason(),
                row.cause(),
                row.revision().flatMap(Revision::repository),
                row.revision().map(Revision::branch),
                row.revision().flatMap(Revision::commit),
                row.revision().flatMap(Revision::message),
                row.revision().flatMap(Revision::author),
                row.times().queuedAt(),
                row.times().startedAt(),
                row.times().finishedAt(),
                row.sequence(),
                row.chain().toString().replace("-", ""));
    }
}
