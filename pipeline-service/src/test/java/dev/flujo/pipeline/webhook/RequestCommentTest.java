package dev.flujo.pipeline.webhook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.flujo.pipeline.api.RequestCommand;
import dev.flujo.pipeline.api.RequestCommand.Verb;
import dev.flujo.pipeline.forge.ForgeUser;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RequestCommentTest {

    @ParameterizedTest
    @CsvSource({
        "github, issue_comment, github/comment, bob, false, true",
        "gitlab, Note Hook, gitlab/comment, 5, true, false",
        "gitea, issue_comment, gitea/comment, bob, false, true",
        "forgejo, pull_request_comment, gitea/comment, bob, false, true",
        "bitbucket, pullrequest:comment_created, bitbucket/comment, {bob}, true, true",
        "bitbucket-server, pr:comment:added, bitbucket-server/comment, bob, true, false"
    })
    void isReadAsEachForgeTellsOfIt(String forge, String event, String file, String id, boolean commit, boolean time) {
        RequestComment comment = ((Heard.Commented) Payloads.hearFile(forge, event, file)).comment();

        assertEquals(
                new RequestComment(
                        7,
                        commit ? Optional.of(Payloads.COMMIT) : Optional.empty(),
                        new ForgeUser("bob", id),
                        comment.text(),
                        time ? Optional.of(Instant.parse("2026-11-24T10:05:00Z")) : Optional.empty()),
                comment);
        assertEquals(Optional.of(Verb.OK_TO_TEST), comment.command("shop", "1").map(RequestCommand::verb));
    }

    @Test
    void isOnlyHeardWhenItIsNewAndOnARequest() {
        String github = Payloads.body("github/comment");
        String gitlab = Payloads.body("gitlab/comment");
        for (Heard heard : List.of(
                Payloads.hear("github", "issue_comment", github.replace("\"created\"", "\"edited\"")),
                Payloads.hear("github", "issue_comment", github.replace("\"pull_request\"", "\"other\"")),
                Payloads.hear("gitlab", "Note Hook", gitlab.replace("\"create\"", "\"update\"")),
                Payloads.hear("gitlab", "Note Hook", gitlab.replace("MergeRequest", "Issue")))) {
            assertInstanceOf(Heard.Ignored.class, heard);
        }
    }

    @Test
    void givesTheCommandOfALineThatIsNothingElse() {
        assertEquals(Optional.of(Verb.RETEST), verb("/retest"));
        assertEquals(Optional.of(Verb.CANCEL), verb("Please stop\n  /cancel \r\nthanks"));
        assertEquals(Optional.of(Verb.OK_TO_TEST), verb("/ok-to-test 0123abc"));
        assertEquals(Optional.of("0123abc"), command("/ok-to-test 0123abc").flatMap(RequestCommand::begins));
        for (String text : List.of(
                "",
                "retest",
                "/retest now",
                "do not /retest",
                "> /retest",
                "/retestall",
                "/ok-to-test 0123",
                "/Retest")) {
            assertEquals(Optional.empty(), verb(text), text);
        }
    }

    private static Optional<Verb> verb(String text) {
        return command(text).map(RequestCommand::verb);
    }

    private static Optional<RequestCommand> command(String text) {
        ForgeUser bob = new ForgeUser("bob", "5");
        return new RequestComment(7, Optional.empty(), bob, text, Optional.empty()).command("shop", "1");
    }
}
