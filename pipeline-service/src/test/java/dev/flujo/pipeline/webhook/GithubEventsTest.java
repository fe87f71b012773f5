package dev.flujo.pipeline.webhook;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.flujo.event.CommitEvent.CommitPushed;
import dev.flujo.event.CommitEvent.PullRequestChanged;
import dev.flujo.event.CommitEvent.TagPushed;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class GithubEventsTest {

    private static final Instant NOW = Instant.parse("2026-11-24T10:00:00Z");
    private static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";

    @Test
    void readsAPushWithTheFilesThatItChanges() {
        assertEquals(
                Optional.of(new CommitPushed(
                        "shop",
                        "main",
                        COMMIT,
                        Optional.of("Sell"),
                        Optional.of("Ada"),
                        Optional.empty(),
                        "ada",
                        NOW,
                        Optional.of(List.of("a", "b", "c")))),
                GithubEvents.push("shop", push("refs/heads/main", "false"), NOW));
    }

    @Test
    void knowsNotAllFilesOfAForcedPush() {
        CommitPushed push = (CommitPushed)
                GithubEvents.push("shop", push("refs/heads/main", "true"), NOW).orElseThrow();

        assertEquals(Optional.empty(), push.paths());
    }

    @Test
    void readsATag() {
        assertEquals(
                Optional.of(new TagPushed("shop", "v1.0", COMMIT, Optional.of("Sell"), Optional.of("Ada"), "ada", NOW)),
                GithubEvents.push("shop", push("refs/tags/v1.0", "false"), NOW));
    }

    @Test
    void namesTheAuthorAsPullRequestsDoWhereGithubKnowsTheUser() {
        JsonNode payload = json("{'ref': 'refs/heads/main', 'after': '" + COMMIT
                + "', 'head_commit': {'author': {'name': 'Ada Lovelace', 'username': 'ada'}}}");

        CommitPushed push =
                (CommitPushed) GithubEvents.push("shop", payload, NOW).orElseThrow();
        assertEquals(Optional.of("ada"), push.author());
    }

    @Test
    void startsNothingForABranchThatIsGone() {
        JsonNode payload = json("{'ref': 'refs/heads/x', 'after': '" + "0".repeat(40) + "', 'deleted': true}");

        assertEquals(Optional.empty(), GithubEvents.push("shop", payload, NOW));
    }

    @Test
    void readsAPullRequestAndWhetherItComesFromAnotherRepository() {
        assertEquals(
                Optional.of(new PullRequestChanged(
                        "shop",
                        7,
                        "opened",
                        "Sell umbrellas",
                        "umbrellas",
                        "main",
                        COMMIT,
                        true,
                        false,
                        List.of("urgent"),
                        "ada",
                        "bob",
                        NOW,
                        Optional.empty(),
                        Optional.of("1".repeat(40)))),
                GithubEvents.pullRequest("shop", pullRequest("opened", 2), NOW));
        PullRequestChanged own = (PullRequestChanged)
                GithubEvents.pullRequest("shop", pullRequest("opened", 1), NOW).orElseThrow();
        assertEquals(false, own.fork());
    }

    @Test
    void leavesWhatMeansNothingToPipelines() {
        assertEquals(Optional.empty(), GithubEvents.pullRequest("shop", pullRequest("locked", 1), NOW));
    }

    private static JsonNode push(String ref, String forced) {
        return json("{'ref': '" + ref + "', 'after': '" + COMMIT + "', 'forced': " + forced
                + ", 'pusher': {'name': 'ada'}, 'head_commit': {'id': '" + COMMIT
                + "', 'message': 'Sell', 'author': {'name': 'Ada'}},"
                + " 'commits': [{'added': ['b'], 'modified': ['a'], 'removed': []},"
                + " {'added': [], 'modified': ['b'], 'removed': ['c']}]}");
    }

    private static JsonNode pullRequest(String action, int from) {
        return json(
                "{'action': '" + action + "', 'number': 7, 'sender': {'login': 'bob'}, 'pull_request': {'number': 7,"
                        + " 'title': 'Sell umbrellas', 'draft': false, 'user': {'login': 'ada'},"
                        + " 'labels': [{'name': 'urgent'}], 'head': {'ref': 'umbrellas', 'sha': '" + COMMIT
                        + "', 'repo': {'id': " + from + "}}, 'base': {'ref': 'main', 'sha': '" + "1".repeat(40)
                        + "', 'repo': {'id': 1}}}}");
    }

    private static JsonNode json(String text) {
        try {
            return new ObjectMapper().readTree(text.replace('\'', '"'));
        } catch (JsonProcessingException e) {
            throw new AssertionError(e);
        }
    }
}
