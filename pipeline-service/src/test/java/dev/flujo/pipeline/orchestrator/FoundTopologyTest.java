package dev.flujo.pipeline.orchestrator;

import static dev.flujo.pipeline.orchestrator.DrivenOrchestrator.START;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.flujo.event.CommitEvent.CommitPushed;
import dev.flujo.event.CommitEvent.PullRequestChanged;
import dev.flujo.event.Revision;
import dev.flujo.event.RunEvent.RunHeld;
import dev.flujo.event.RunEvent.RunQueued;
import dev.flujo.event.SeenBranch;
import dev.flujo.event.SeenRequest;
import dev.flujo.event.SignalEvent.RepositorySeen;
import dev.flujo.event.Topic;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a forge has that nobody has heard of. */
class FoundTopologyTest {

    private static final String OLD = "0".repeat(40);
    private static final String NEW = "1".repeat(40);
    private static final String NEWER = "2".repeat(40);

    private DrivenOrchestrator orchestrator;

    @TempDir
    Path state;

    @BeforeEach
    void open() {
        orchestrator = new DrivenOrchestrator(state);
        orchestrator.define("push", "name: push\non: push\njobs: {a: {steps: [make]}}\n");
        orchestrator.define("request", "name: request\non: pull_request\njobs: {a: {steps: [make]}}\n");
    }

    @AfterEach
    void close() {
        orchestrator.close();
    }

    @Test
    void startsNothingForWhatWasThereBeforeAnybodyAsked() {
        see(1, List.of(branch("main", OLD), branch("old", NEW)), List.of(request(7, OLD, true)));
        see(2, List.of(branch("main", OLD)), List.of(request(7, OLD, true)));

        assertEquals(List.of(), commits());
    }

    @Test
    void startsARunOfAPushThatNobodyHasHeardOfOnce() {
        see(1, List.of(branch("main", OLD)), List.of());
        see(10, List.of(branch("main", NEW), branch("new", NEWER)), List.of());
        see(20, List.of(branch("main", NEW), branch("new", NEWER)), List.of());

        assertEquals(List.of(NEW, NEWER), commits());
        RunQueued queued = orchestrator.all(Topic.RUNS, RunQueued.class).get(0);
        assertEquals("gitea", queued.cause().by());
        assertEquals(Optional.of("Sell"), queued.revision().message());
    }

    @Test
    void knowsADeliveryThatComesAfterAll() {
        see(1, List.of(branch("main", OLD)), List.of());
        see(10, List.of(branch("main", NEWER)), List.of());
        push("delivery-1", NEW, 11);
        push("delivery-2", NEWER, 11);
        push("delivery-2", NEWER, 11);
        see(20, List.of(branch("main", NEWER)), List.of());

        assertEquals(List.of(NEWER, NEW), commits(), "each commit once, also the one that nobody could find any more");
        push("delivery-3", NEWER, 21);
        assertEquals(List.of(NEWER, NEW, NEWER), commits(), "what is delivered again on its own is something new");
    }

    @Test
    void leavesWhatWasDelivered() {
        see(1, List.of(branch("main", OLD)), List.of());
        push("delivery-1", NEW, 10);
        see(20, List.of(branch("main", NEW)), List.of());

        assertEquals(List.of(NEW), commits());
    }

    @Test
    void leavesToTheNextTimeWhatTheForgeMayNotHaveSaidYet() {
        see(1, List.of(branch("main", OLD)), List.of());
        push("delivery-1", NEW, 10);
        orchestrator.send(
                Topic.COMMITS,
                new RepositorySeen("shop", "gitea", List.of(branch("main", OLD)), List.of(), at(10).plusSeconds(30)));
        assertEquals(List.of(NEW), commits());

        see(12, List.of(branch("main", NEWER)), List.of());
        assertEquals(List.of(NEW, NEWER), commits());
    }

    @Test
    void findsAPushOfWhichTheNewestOnesWereHeard() {
        push("delivery-1", OLD, 1);
        see(10, List.of(branch("main", NEW), branch("other", NEWER)), List.of());

        assertEquals(List.of(OLD, NEW), commits(), "a branch that was heard of before is compared, others begin");
    }

    @Test
    void obeysAMessageThatWantsNoRuns() {
        see(1, List.of(branch("main", OLD)), List.of());
        SeenBranch quiet =
                new SeenBranch("main", NEW, Optional.of("Docs [skip ci]"), Optional.empty(), Optional.empty());
        see(10, List.of(quiet), List.of());

        assertEquals(List.of(), commits());
    }

    @Test
    void findsRequestsAndHoldsThoseOfForks() {
        see(1, List.of(), List.of());
        see(10, List.of(), List.of(request(7, OLD, true), request(8, OLD, false)));
        see(20, List.of(), List.of(request(7, OLD, true), request(8, OLD, false)));
        assertEquals(List.of(OLD, OLD), commits());
        assertEquals(OLD, orchestrator.only(Topic.RUNS, RunHeld.class).commit());

        deliver("delivery-1", "opened", 7, OLD, 21);
        deliver("delivery-2", "labeled", 8, OLD, 21);
        assertEquals(List.of(OLD, OLD), commits(), "delivered after all");

        see(30, List.of(), List.of(request(7, NEW, true)));
        deliver("delivery-3", "synchronize", 7, NEW, 31);
        deliver("delivery-4", "synchronize", 7, NEWER, 32);
        assertEquals(List.of(OLD, OLD, NEW, NEWER), commits());
    }

    @Test
    void startsNothingTwiceWhenTheSameIsReadAgain() {
        see(1, List.of(branch("main", OLD)), List.of());
        RepositorySeen seen = new RepositorySeen(
                "shop", "gitea", List.of(branch("main", NEW)), List.of(request(7, NEW, true)), at(10));
        orchestrator.send(Topic.COMMITS, "seen-1", seen);
        orchestrator.send(Topic.COMMITS, "seen-1", seen);

        assertEquals(List.of(NEW, NEW), commits());
    }

    @Test
    void forgetsWhatNobodyDeliversAnyMore() {
        see(1, List.of(branch("main", OLD)), List.of());
        see(10, List.of(branch("main", NEW)), List.of());
        for (int hour = 0; hour < 24 * 5; hour++) {
            orchestrator.driver().advanceWallClockTime(Duration.ofHours(1));
        }
        push("delivery-1", NEW, 60 * 24 * 5);

        assertEquals(List.of(NEW, NEW), commits());
    }

    private void see(int minute, List<SeenBranch> branches, List<SeenRequest> requests) {
        orchestrator.send(Topic.COMMITS, new RepositorySeen("shop", "gitea", branches, requests, at(minute)));
    }

    private void push(String delivery, String commit, int minute) {
        orchestrator.send(
                Topic.COMMITS,
                delivery,
                new CommitPushed(
                        "shop",
                        "main",
                        commit,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        "ada",
                        at(minute)));
    }

    private void deliver(String delivery, String action, long number, String commit, int minute) {
        orchestrator.send(
                Topic.COMMITS,
                delivery,
                new PullRequestChanged(
                        "shop",
                        number,
                        action,
                        "Sell",
                        "umbrellas",
                        "main",
                        commit,
                        number == 7,
                        false,
                        List.of(),
                        "ada",
                        "ada",
                        at(minute),
                        Optional.empty()));
    }

    private static Instant at(int minute) {
        return START.plus(Duration.ofMinutes(minute));
    }

    private static SeenBranch branch(String name, String commit) {
        return new SeenBranch(name, commit, Optional.of("Sell"), Optional.of("Ada"), Optional.empty());
    }

    private static SeenRequest request(long number, String commit, boolean fork) {
        return new SeenRequest(
                number, "Sell", "umbrellas", "main", commit, fork, false, List.of(), "ada", Optional.empty());
    }

    private List<String> commits() {
        List<String> commits = new ArrayList<>();
        for (RunQueued queued : orchestrator.all(Topic.RUNS, RunQueued.class)) {
            commits.add(Optional.of(queued.revision()).flatMap(Revision::commit).orElseThrow());
        }
        return commits;
    }
}
