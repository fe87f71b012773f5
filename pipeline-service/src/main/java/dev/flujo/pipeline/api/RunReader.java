package dev.flujo.pipeline.api;

import dev.flujo.kit.problem.Problem;
import dev.flujo.pipeline.messaging.AcceptedRuns;
import dev.flujo.pipeline.store.RunRow;
import dev.flujo.pipeline.store.Runs;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;

/** Finds runs: in the history, or among those just accepted. */
@ApplicationScoped
public class RunReader {

    private static final Duration PATIENCE = Duration.ofMillis(500);
    private static final Duration STEP = Duration.ofMillis(25);

    private final Runs runs;
    private final AcceptedRuns accepted;

    RunReader(Runs runs, AcceptedRuns accepted) {
        this.runs = runs;
        this.accepted = accepted;
    }

    /** The run with this id; a 404 otherwise. */
    RunRow read(String id) {
        return read(Inputs.run(id));
    }

    /** Another replica may have accepted the run a moment ago, and the history does not have it yet: that is waited for. */
    RunRow read(UUID run) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        Optional<RunRow> found = find(run);
        while (found.isEmpty() && System.nanoTime() < end) {
            LockSupport.parkNanos(STEP.toNanos());
            found = find(run);
        }
        return found.orElseThrow(() -> Inputs.noRun(run));
    }

    private Optional<RunRow> find(UUID run) {
        try {
            return runs.find(run).or(() -> accepted.find(run));
        } catch (Problem e) {
            return Optional.of(accepted.find(run).orElseThrow(() -> e));
        }
    }
}
