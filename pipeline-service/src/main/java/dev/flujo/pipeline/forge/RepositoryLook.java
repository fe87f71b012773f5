package dev.flujo.pipeline.forge;

import dev.flujo.event.SeenBranch;
import dev.flujo.event.SeenRequest;
import dev.flujo.event.SignalEvent.RepositorySeen;
import dev.flujo.pipeline.source.GitNames;
import dev.flujo.pipeline.store.CommitRuns;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Asks for the branches and open requests of a repository. */
@ApplicationScoped
public class RepositoryLook {

    /** Some forges are to be asked for each commit; for so many at a time they are. */
    private static final int MOST_DETAILED = 50;

    private static final int MOST_MESSAGE = 500;

    private final Forges forges;
    private final CommitRuns commits;
    private final Clock clock;

    RepositoryLook(Forges forges, CommitRuns commits, Clock clock) {
        this.forges = forges;
        this.commits = commits;
        this.clock = clock;
    }

    /** What has changed lately; nothing where that is nothing. */
    Optional<RepositorySeen> at(Repository repository, RecentChanges changes) {
        Instant askedAt = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        Forge forge = forges.of(repository);
        changes.begin();
        List<SeenBranch> branches = forge.branches(repository).stream()
                .filter(each -> named(each.branch(), each.commit()))
                .filter(each -> changes.note("branch " + each.branch(), each.commit(), askedAt))
                .toList();
        List<SeenRequest> requests = forge.requests(repository).stream()
                .filter(each -> named(each.branch(), each.commit()) && GitNames.isBranch(each.base()))
                .filter(each -> changes.note("request " + each.number(), each.commit(), askedAt))
                .toList();
        return branches.isEmpty() && requests.isEmpty()
                ? Optional.empty()
                : Optional.of(new RepositorySeen(
                        repository.project(),
                        repository.forge(),
                        detailed(repository, forge, branches),
                        requests,
                        askedAt));
    }

    private static boolean named(String branch, String commit) {
        return GitNames.isBranch(branch) && GitNames.isCommit(commit);
    }

    /** With messages where a commit has no runs yet: a message may say that it wants none. */
    private List<SeenBranch> detailed(Repository repository, Forge forge, List<SeenBranch> branches) {
        List<SeenBranch> detailed = new ArrayList<>();
        int asked = 0;
        for (SeenBranch branch : branches) {
            boolean bare = branch.message().isEmpty() && asked < MOST_DETAILED;
            if (bare && commits.of(repository.project(), branch.commit(), 1).isEmpty()) {
                detailed.add(shortened(forge.detailed(repository, branch)));
                asked++;
            } else {
                detailed.add(shortened(branch));
            }
        }
        return detailed;
    }

    private static SeenBranch shortened(SeenBranch branch) {
        return new SeenBranch(
                branch.branch(),
                branch.commit(),
                branch.message().map(text -> text.length() > MOST_MESSAGE ? text.substring(0, MOST_MESSAGE) : text),
                branch.author(),
                branch.committedAt());
    }
}
