package dev.flujo.pipeline.store;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionStage;

/** Everything that is written about runs. */
@ApplicationScoped
public class RunHistory {

    private final Runs runs;
    private final RunEvents events;
    private final RunIndex index;
    private final CommitRuns commits;

    RunHistory(Runs runs, RunEvents events, RunIndex index, CommitRuns commits) {
        this.runs = runs;
        this.events = events;
        this.index = index;
        this.commits = commits;
    }

    /** Makes a run findable: under its commit, and in the lists unless its pipeline's filters have skipped it. */
    public CompletionStage<Void> begin(RunRow row) {
        CompletionStage<Void> ofCommit = commits.put(row);
        return row.state() == RunState.SKIPPED
                ? ofCommit
                : index.put(row).thenCombine(ofCommit, (listed, found) -> null);
    }

    /** Keeps what a run is now, unless something newer is there. */
    public CompletionStage<Void> keep(RunRow row) {
        return runs.put(row);
    }

    /** Keeps events of one run's log. */
    public CompletionStage<Void> add(List<StoredEvent> more) {
        return events.put(more);
    }

    public Optional<RunRow> find(UUID run) {
        return runs.find(run);
    }

    /** At most so many events after the one with this number, in order. */
    public List<StoredEvent> after(UUID run, long sequence, int most) {
        return events.page(run, sequence, Long.MAX_VALUE, most);
    }

    /** The id of the event with this number. */
    public Optional<String> eventId(UUID run, long sequence) {
        return events.id(run, sequence);
    }
}
