package dev.flujo.pipeline.webhook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.flujo.event.CommitEvent.CommitPushed;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class BitbucketFormatTest {

    @Test
    void hearsOfEachBranchThatADeliveryTellsOf() {
        assertEquals(
                List.of("one", "two"),
                Payloads.events("bitbucket", "repo:push", "bitbucket/several").stream()
                        .map(event -> ((CommitPushed) event).branch())
                        .toList());
    }

    @Test
    void takesANewTitleForTheSameAsTheCommitThatIsThereAlready() {
        String body = Payloads.body("bitbucket/request");
        Optional<String> opened = same("pullrequest:created", body);

        assertEquals(opened, same("pullrequest:updated", body.replace("Sell umbrellas", "Sell more umbrellas")));
        assertNotEquals(opened, same("pullrequest:updated", body.replace("aaaaaaaa0000", "bbbbbbbb0000")));
        assertEquals(Optional.empty(), same("pullrequest:fulfilled", body));
    }

    private static Optional<String> same(String event, String body) {
        return ((Heard.Happened) Payloads.hear("bitbucket", event, body)).same();
    }
}
