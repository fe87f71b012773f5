package dev.flujo.pipeline.webhook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.flujo.event.CommitEvent.CommitPushed;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class GithubFormatTest {

    @Test
    void knowsNotAllFilesOfAForcedPush() {
        String forced = Payloads.body("github/push").replace("\"forced\": false", "\"forced\": true");

        assertEquals(Optional.empty(), push(forced).paths());
    }

    @Test
    void namesTheAuthorOfTheCommitWhereGithubKnowsNoUser() {
        String unknown = Payloads.body("github/push").replaceAll(",\\s*\"username\": \"ada\"", "");

        assertEquals(Optional.of("Ada Lovelace"), push(unknown).author());
    }

    @Test
    void leavesWhatMeansNothingToPipelines() {
        String locked = Payloads.body("github/opened").replace("\"opened\"", "\"locked\"");

        assertInstanceOf(Heard.Ignored.class, Payloads.hear("github", "pull_request", locked));
    }

    private static CommitPushed push(String body) {
        return (CommitPushed) ((Heard.Happened) Payloads.hear("github", "push", body))
                .events()
                .get(0);
    }
}
