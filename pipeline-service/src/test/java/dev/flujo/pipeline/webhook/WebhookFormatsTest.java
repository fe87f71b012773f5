package dev.flujo.pipeline.webhook;

import static dev.flujo.pipeline.webhook.Payloads.BASE;
import static dev.flujo.pipeline.webhook.Payloads.COMMIT;
import static dev.flujo.pipeline.webhook.Payloads.NOW;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.flujo.event.CommitEvent.CommitPushed;
import dev.flujo.event.CommitEvent.PullRequestChanged;
import dev.flujo.event.CommitEvent.TagPushed;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The same change, as each forge tells of it, is the same event. */
class WebhookFormatsTest {

    private static final Optional<Instant> COMMITTED = Optional.of(Instant.parse("2026-11-23T14:26:05Z"));
    private static final Optional<List<String>> PATHS = Optional.of(List.of("README.md", "rain.txt", "umbrella.txt"));

    @ParameterizedTest
    @CsvSource({
        "github, push, github/push, ada, true",
        "gitlab, Push Hook, gitlab/push, Ada Lovelace, true",
        "gitea, push, gitea/push, ada, true",
        "forgejo, push, gitea/push, ada, true",
        "bitbucket, repo:push, bitbucket/push, ada, false",
        "bitbucket-server, repo:refs_changed, bitbucket-server/push, ada, false"
    })
    void readsAPush(String forge, String event, String file, String author, boolean paths) {
        CommitPushed push = (CommitPushed) Payloads.events(forge, event, file).get(0);

        assertEquals("Sell umbrellas", push.message().orElseThrow().strip());
        assertEquals(
                new CommitPushed(
                        "shop",
                        "main",
                        COMMIT,
                        push.message(),
                        Optional.of(author),
                        COMMITTED,
                        "ada",
                        NOW,
                        paths ? PATHS : Optional.empty()),
                push);
    }

    @ParameterizedTest
    @CsvSource({
        "github, push, github/tag",
        "gitlab, Tag Push Hook, gitlab/tag",
        "gitea, push, gitea/tag",
        "forgejo, push, gitea/tag",
        "bitbucket, repo:push, bitbucket/tag",
        "bitbucket-server, repo:refs_changed, bitbucket-server/tag"
    })
    void readsATagAsTheCommitThatItStandsFor(String forge, String event, String file) {
        TagPushed tag = (TagPushed) Payloads.events(forge, event, file).get(0);

        assertEquals(new TagPushed("shop", "v1.0", COMMIT, tag.message(), tag.author(), "ada", NOW), tag);
    }

    @ParameterizedTest
    @CsvSource({
        "github, push, github/deleted",
        "gitlab, Push Hook, gitlab/deleted",
        "gitea, push, gitea/deleted",
        "bitbucket, repo:push, bitbucket/deleted",
        "bitbucket-server, repo:refs_changed, bitbucket-server/deleted"
    })
    void hearsNothingInABranchThatIsGone(String forge, String event, String file) {
        assertEquals(new Heard.Ignored(MovedRef.NOTHING_LEFT), Payloads.hearFile(forge, event, file));
    }

    @ParameterizedTest
    @CsvSource({
        "github, pull_request, github/opened, opened, ada, true, true",
        "github, pull_request, github/synchronised, synchronize, ada, true, true",
        "github, pull_request, github/closed, closed, ada, true, true",
        "gitlab, Merge Request Hook, gitlab/opened, opened, bob, true, false",
        "gitlab, Merge Request Hook, gitlab/synchronised, synchronize, bob, true, false",
        "gitlab, Merge Request Hook, gitlab/closed, closed, bob, true, false",
        "gitlab, Merge Request Hook, gitlab/ready, ready_for_review, bob, true, false",
        "gitlab, Merge Request Hook, gitlab/labelled, labeled, bob, true, false",
        "gitea, pull_request, gitea/opened, opened, ada, true, true",
        "gitea, pull_request, gitea/synchronised, synchronize, ada, true, true",
        "gitea, pull_request_sync, gitea/synchronised, synchronize, ada, true, true",
        "gitea, pull_request, gitea/closed, closed, ada, true, true",
        "forgejo, pull_request, gitea/opened, opened, ada, true, true",
        "bitbucket, pullrequest:created, bitbucket/request, opened, ada, false, false",
        "bitbucket, pullrequest:updated, bitbucket/request, synchronize, ada, false, false",
        "bitbucket, pullrequest:fulfilled, bitbucket/request, closed, ada, false, false",
        "bitbucket, pullrequest:rejected, bitbucket/request, closed, ada, false, false",
        "bitbucket-server, pr:opened, bitbucket-server/request, opened, ada, false, true",
        "bitbucket-server, pr:from_ref_updated, bitbucket-server/request, synchronize, ada, false, true",
        "bitbucket-server, pr:merged, bitbucket-server/request, closed, ada, false, true",
        "bitbucket-server, pr:declined, bitbucket-server/request, closed, ada, false, true"
    })
    void readsAPullRequest(
            String forge, String event, String file, String action, String author, boolean labels, boolean base) {
        assertEquals(
                List.of(new PullRequestChanged(
                        "shop",
                        7,
                        action,
                        "Sell umbrellas",
                        "umbrellas",
                        "main",
                        COMMIT,
                        false,
                        false,
                        labels ? List.of("urgent") : List.of(),
                        author,
                        "bob",
                        NOW,
                        Optional.empty(),
                        base ? Optional.of(BASE) : Optional.empty())),
                Payloads.events(forge, event, file));
    }

    @ParameterizedTest
    @CsvSource({
        "github, pull_request, github/fork",
        "gitlab, Merge Request Hook, gitlab/fork",
        "gitea, pull_request, gitea/fork",
        "bitbucket, pullrequest:created, bitbucket/fork",
        "bitbucket-server, pr:opened, bitbucket-server/fork"
    })
    void trustsNothingFromAnotherRepositoryOrFromNobodyKnowsWhere(String forge, String event, String file) {
        assertTrue(fork(Payloads.hearFile(forge, event, file)), file);
        String own = file.replace("fork", forge.startsWith("bitbucket") ? "request" : "opened");
        String silent = Payloads.body(own)
                .replaceAll("\"(repo_id|source_project_id|id)\": [0-9]+|\"uuid\": \"[^\"]+\"", "\"x\": 0");
        assertTrue(fork(Payloads.hear(forge, event, silent)), "no repository is said in " + own);
    }

    @ParameterizedTest
    @CsvSource({"gitlab, Merge Request Hook, gitlab/renamed", "gitea, pull_request, gitea/edited"})
    void leavesWhatMeansNothingToPipelines(String forge, String event, String file) {
        assertInstanceOf(Heard.Ignored.class, Payloads.hearFile(forge, event, file));
    }

    private static boolean fork(Heard heard) {
        return ((PullRequestChanged) ((Heard.Happened) heard).events().get(0)).fork();
    }
}
