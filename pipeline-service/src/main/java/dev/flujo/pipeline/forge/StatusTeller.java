package dev.flujo.pipeline.forge;

import dev.flujo.event.Revision;
import dev.flujo.pipeline.api.CheckResource;
import dev.flujo.pipeline.api.CheckView;
import dev.flujo.pipeline.messaging.Recent;
import dev.flujo.pipeline.store.CommitRuns;
import dev.flujo.pipeline.store.RunRow;
import dev.flujo.pipeline.store.Runs;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/**
 * Tells forges what the history says of commits. An event only says that there is something to be told; what is told is what
 * the newest run of each check is now, so that telling it twice, or once for several events, is right as well.
 */
@ApplicationScoped
public class StatusTeller {

    private static final int MOST_RUNS = 500;
    private static final int REMEMBERED = 10_000;

    /** How long the history may be behind before what it has is told all the same. */
    private static final Duration BEHIND = Duration.ofMinutes(5);

    private static final Logger LOG = Logger.getLogger(StatusTeller.class);

    private final Forges forges;
    private final CommitRuns commits;
    private final Runs runs;
    private final MeterRegistry meters;
    private final Clock clock;
    private final Optional<URI> publicUrl;
    private final Duration patience;

    /** What was told last, so that only changes are told. */
    private final Map<Context, CommitStatus> told = Collections.synchronizedMap(new Recent<>(REMEMBERED));

    /** Of which something was told that was not answered. */
    private final Set<Context> inDoubt = ConcurrentHashMap.newKeySet();

    private record Context(String project, String commit, String context) {}

    StatusTeller(
            Forges forges,
            CommitRuns commits,
            Runs runs,
            MeterRegistry meters,
            Clock clock,
            @ConfigProperty(name = "flujo.public-url") Optional<URI> publicUrl,
            @ConfigProperty(name = "flujo.forge-calls.patience", defaultValue = "10s") Duration patience) {
        this.forges = forges;
        this.commits = commits;
        this.runs = runs;
        this.meters = meters;
        this.clock = clock;
        this.publicUrl = publicUrl;
        this.patience = patience;
    }

    /**
     * Tells what is to be told of the commit of the first, and gives all that this settles.
     *
     * @throws ForgeAway if the forge is to be told later
     * @throws NotYet if the history is behind
     * @throws ToldInDoubt if it has to be told once more
     */
    List<Due> tell(List<Due> open) {
        Due first = open.get(0);
        Optional<RunRow> row = row(first);
        Optional<String> commit = row.flatMap(RunRow::revision).flatMap(Revision::commit);
        if (commit.isEmpty()) {
            return List.of(first);
        }
        Repository repository = first.repository();
        List<RunRow> rows = runs.findAll(commits.of(repository.project(), commit.get(), MOST_RUNS));
        Map<UUID, RunRow> byId =
                rows.stream().collect(Collectors.toMap(RunRow::run, Function.identity(), (one, same) -> one));
        boolean again = false;
        for (CheckView check : CheckResource.newest(rows)) {
            again |= tell(repository, Statuses.of(commit.get(), check, byId.get(check.run()), publicUrl));
        }
        if (again) {
            throw new ToldInDoubt("Expected to have had the last word on " + commit.get(), patience);
        }
        return open.stream()
                .filter(due -> due.equals(first) || has(byId.get(due.run()), due))
                .toList();
    }

    /** Whether it has to be told again after a while, since something older may still arrive. */
    private boolean tell(Repository repository, CommitStatus status) {
        Context context = new Context(repository.project(), status.commit(), status.context());
        if (status.equals(told.get(context))) {
            return false;
        }
        try {
            forges.of(repository).tell(repository, status);
            count(repository, "told");
        } catch (ForgeAway e) {
            if (e.inDoubt()) {
                inDoubt.add(context);
            }
            throw e;
        } catch (ForgeRefused e) {
            LOG.errorf("gave up telling what %s says of %s: %s", status.context(), status.commit(), e.getMessage());
            count(repository, "refused");
        }
        if (inDoubt.remove(context)) {
            return true;
        }
        told.put(context, status);
        return false;
    }

    private Optional<RunRow> row(Due due) {
        Optional<RunRow> row = runs.find(due.run());
        boolean late = clock.instant().isAfter(due.at().plus(BEHIND));
        if (!late && (row.isEmpty() || !has(row.get(), due))) {
            throw new NotYet("Expected event " + due.sequence() + " of run " + due.run()
                    + " in the history, but it is not there yet");
        }
        return row;
    }

    private static boolean has(RunRow row, Due due) {
        return row != null && row.sequence() >= due.sequence();
    }

    /** Others may tell something now: what was told here last need not be the last that was told. */
    void forget() {
        told.clear();
        inDoubt.clear();
    }

    private void count(Repository repository, String outcome) {
        meters.counter("flujo.forge.statuses", "forge", repository.forge(), "outcome", outcome)
                .increment();
    }
}
