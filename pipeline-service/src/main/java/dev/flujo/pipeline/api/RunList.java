package dev.flujo.pipeline.api;

import dev.flujo.event.AnalysisEvent;
import dev.flujo.event.Definitions;
import dev.flujo.event.Revision;
import dev.flujo.kit.page.Cursor;
import dev.flujo.kit.page.Page;
import dev.flujo.pipeline.store.RunIndex;
import dev.flujo.pipeline.store.RunRow;
import dev.flujo.pipeline.store.RunState;
import dev.flujo.pipeline.store.Runs;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Lists of runs: walks the index from the newest on, and looks at what each run is now. A run that was asked for several
 * times lies there at each of these times; it is listed where its cause is.
 */
@ApplicationScoped
public class RunList {

    private static final int MOST_AT_ONCE = 200;
    private static final int MOST_LOOKED_AT = 2000;

    /** Looking at a run is a question of its own, so many are looked at only where few are of those wanted. */
    private static final int TIMES_MORE = 4;

    /** Pipelines that nobody has submitted, whose runs are listed like others. */
    private static final Set<String> OF_FLUJO = Set.of(Definitions.PIPELINE, AnalysisEvent.PIPELINE);

    private final RunIndex index;
    private final Runs runs;

    /** Which runs are wanted; what is empty does not matter. */
    record Filter(
            Optional<String> project,
            Optional<String> pipeline,
            Optional<String> branch,
            Optional<String> commit,
            Optional<String> state) {

        Filter {
            project.ifPresent(text -> Inputs.name("project", text));
            pipeline.filter(text -> !OF_FLUJO.contains(text)).ifPresent(text -> Inputs.name("pipeline", text));
            branch.ifPresent(Inputs::branch);
            commit.ifPresent(Inputs::commit);
            state.ifPresent(Filter::checkState);
        }

        boolean takes(RunRow run) {
            return pipeline.map(run.pipeline()::equals).orElse(true)
                    && state.map(run.state().name()::equals).orElse(true)
                    && branch.map(text -> has(run.revision().map(Revision::branch), text))
                            .orElse(true)
                    && commit.map(text -> has(run.revision().flatMap(Revision::commit), text))
                            .orElse(true);
        }

        private static boolean has(Optional<String> value, String text) {
            return value.map(text::equals).orElse(false);
        }

        private static void checkState(String text) {
            if (Arrays.stream(RunState.values()).noneMatch(state -> state.name().equals(text))) {
                throw Inputs.bad("Expected a state of " + Arrays.toString(RunState.values()) + ", but it is '"
                        + Inputs.shown(text) + "'");
            }
        }
    }

    RunList(RunIndex index, Runs runs) {
        this.index = index;
        this.runs = runs;
    }

    Page<RunView> page(Filter filter, int limit, String cursor) {
        String list = "runs/" + filter;
        Optional<RunIndex.Entry> last = Cursor.place(list, cursor, RunList::entry);
        List<RunView> found = new ArrayList<>();
        int lookedAt = 0;
        int atOnce = limit + 1;
        while (lookedAt < MOST_LOOKED_AT) {
            List<RunIndex.Entry> entries = index.page(filter.project(), last, atOnce);
            Map<UUID, RunRow> rows = runs
                    .findAll(entries.stream().map(RunIndex.Entry::run).toList())
                    .stream()
                    .collect(Collectors.toMap(RunRow::run, Function.identity(), (one, same) -> one));
            for (RunIndex.Entry entry : entries) {
                if (found.size() == limit) {
                    return new Page<>(found, Optional.of(cursor(list, last.orElseThrow())));
                }
                last = Optional.of(entry);
                Optional.ofNullable(rows.get(entry.run()))
                        .filter(run -> run.cause().receivedAt().equals(entry.at()))
                        .filter(filter::takes)
                        .map(RunView::of)
                        .ifPresent(found::add);
            }
            if (entries.size() < atOnce) {
                return new Page<>(found, Optional.empty());
            }
            lookedAt += atOnce;
            atOnce = Math.min(TIMES_MORE * atOnce, MOST_AT_ONCE);
        }
        return new Page<>(found, last.map(entry -> cursor(list, entry)));
    }

    private static String cursor(String list, RunIndex.Entry entry) {
        return Cursor.of(list, entry.at().toString(), entry.run().toString());
    }

    private static RunIndex.Entry entry(List<String> place) {
        return new RunIndex.Entry(Instant.parse(place.get(0)), UUID.fromString(place.get(1)));
    }
}
