package dev.flujo.pipeline.orchestrator;

import dev.flujo.event.CommitEvent.CommitPushed;
import dev.flujo.event.CommitEvent.PullRequestChanged;
import dev.flujo.event.SeenBranch;
import dev.flujo.event.SeenRequest;
import dev.flujo.event.SignalEvent.RepositorySeen;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a forge has that nobody has heard of. It begins the runs that a delivery would have begun, and when that delivery comes
 * after all, it is known not to begin them again. What was there before the forge was asked for the first time begins nothing.
 */
final class Found {

    /** A forge may not say at once what it has delivered: what came so shortly before it was asked is left to the next time. */
    private static final Duration SETTLING = Duration.ofMinutes(1);

    /** What tells of another commit, in the words of pull requests. */
    private static final Set<String> WITH_COMMIT = Set.of("opened", "synchronize", "reopened");

    private final ProjectStores stores;

    Found(ProjectStores stores) {
        this.stores = stores;
    }

    /** The pushes that nobody has heard of; from now on they count as found. */
    List<CommitPushed> pushes(RepositorySeen seen) {
        List<CommitPushed> pushes = new ArrayList<>();
        for (SeenBranch branch : seen.branches()) {
            Optional<Head> head = stores.head(seen.project(), branch.branch());
            boolean known =
                    head.filter(each -> each.commit().equals(branch.commit())).isPresent();
            boolean late =
                    head.flatMap(Head::seenAt).filter(at -> unsettled(seen, at)).isPresent();
            if (known || late) {
                continue;
            }
            String what = what(seen.project(), branch.branch(), branch.commit());
            if (stores.found(what).isPresent() || (head.isEmpty() && !stores.asked(seen.project()))) {
                stores.putHead(seen.project(), branch.branch(), head(branch));
                continue;
            }
            stores.putFound(what, FoundNote.at(seen.askedAt()));
            pushes.add(new CommitPushed(
                    seen.project(),
                    branch.branch(),
                    branch.commit(),
                    branch.message(),
                    branch.author(),
                    branch.committedAt(),
                    seen.forge(),
                    seen.askedAt()));
        }
        return pushes;
    }

    /** The changes of requests that nobody has heard of; from now on they count as found. */
    List<PullRequestChanged> requests(RepositorySeen seen) {
        List<PullRequestChanged> changes = new ArrayList<>();
        for (SeenRequest request : seen.requests()) {
            Optional<SeenCommit> before = stores.seenRequest(seen.project(), request.number());
            boolean known = before.filter(each -> each.commit().equals(request.commit()))
                    .isPresent();
            boolean late = before.filter(each -> unsettled(seen, each.at())).isPresent();
            if (known || late) {
                continue;
            }
            String what = what(seen.project(), request.number(), request.commit());
            SeenCommit now = new SeenCommit(request.commit(), seen.askedAt());
            if (stores.found(what).isPresent() || (before.isEmpty() && !stores.asked(seen.project()))) {
                stores.putSeenRequest(seen.project(), request.number(), now);
                continue;
            }
            stores.putFound(what, FoundNote.at(seen.askedAt()));
            changes.add(changed(seen, request, before.isEmpty() ? "opened" : "synchronize"));
        }
        return changes;
    }

    /** Whether a push that is delivered was found before. */
    boolean before(String delivery, CommitPushed push) {
        return delivered(delivery, what(push.project(), push.branch(), push.commit()));
    }

    /** Whether a change of a request that is delivered was found before. */
    boolean before(String delivery, PullRequestChanged request) {
        return WITH_COMMIT.contains(request.action())
                && delivered(delivery, what(request.project(), request.number(), request.commit()));
    }

    /** The first delivery of what was found is that, however often it is repeated; another one is something new. */
    private boolean delivered(String delivery, String what) {
        Optional<FoundNote> note = stores.found(what)
                .filter(each -> each.delivery().isEmpty() || each.delivery().equals(Optional.of(delivery)));
        note.ifPresent(each -> stores.putFound(what, new FoundNote(each.at(), Optional.of(delivery))));
        return note.isPresent();
    }

    private static boolean unsettled(RepositorySeen seen, Instant heard) {
        return heard.isAfter(seen.askedAt().minus(SETTLING));
    }

    /** Nobody knows since when it is there. */
    private static Head head(SeenBranch branch) {
        return new Head(branch.commit(), branch.message(), branch.author(), branch.committedAt(), Optional.empty());
    }

    private static PullRequestChanged changed(RepositorySeen seen, SeenRequest request, String action) {
        return new PullRequestChanged(
                seen.project(),
                request.number(),
                action,
                request.title(),
                request.branch(),
                request.base(),
                request.commit(),
                request.fork(),
                request.draft(),
                request.labels(),
                request.author(),
                seen.forge(),
                seen.askedAt(),
                Optional.empty(),
                request.baseCommit());
    }

    private static String what(String project, String branch, String commit) {
        return project + "/branch/" + branch + "/" + commit;
    }

    private static String what(String project, long number, String commit) {
        return project + "/request/" + number + "/" + commit;
    }
}
