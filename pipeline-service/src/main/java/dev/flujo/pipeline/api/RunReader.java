package dev.flujo.pipeline.api;

import dev.flujo.kit.problem.Problem;
import dev.flujo.pipeline.messaging.AcceptedRuns;
import dev.flujo.pipeline.store.RunRow;
import dev.flujo.pipeline.store.Runs;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import java.util.UUID;

/** Finds runs: in the history, or among those just accepted. */
@ApplicationScoped
public class RunReader {

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

    RunRow read(UUID run) {
        return find(run).orElseThrow(() -> Inputs.noRun(run));
    }

    private Optional<RunRow> find(UUID run) {
        try {
            return runs.find(run).or(() -> accepted.find(run));
        } catch (Problem e) {
            return Optional.of(accepted.find(run).orElseThrow(() -> e));
        }
    }
}
