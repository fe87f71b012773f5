package dev.flujo.pipeline.webhook;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.flujo.kit.problem.Problem;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Payloads that somebody has damaged are heard, or refused by a problem; nothing else ever comes of them. */
class WebhookFuzzTest {

    private static final long SEED = 20261129;
    private static final int DAMAGED = 400;
    private static final List<String> VALUES = List.of(
            "null",
            "true",
            "-1",
            "1e999",
            "99999999999999999999",
            "\"\"",
            "\"\\u0000\"",
            "[]",
            "{}",
            "[[{}]]",
            "\"x\"");

    @ParameterizedTest
    @CsvSource({
        "github, push, github/push",
        "github, pull_request, github/fork",
        "github, issue_comment, github/comment",
        "gitlab, Push Hook, gitlab/push",
        "gitlab, Merge Request Hook, gitlab/labelled",
        "gitlab, Note Hook, gitlab/comment",
        "gitea, push, gitea/push",
        "gitea, pull_request, gitea/fork",
        "gitea, issue_comment, gitea/comment",
        "bitbucket, repo:push, bitbucket/several",
        "bitbucket, pullrequest:created, bitbucket/fork",
        "bitbucket, pullrequest:comment_created, bitbucket/comment",
        "bitbucket-server, repo:refs_changed, bitbucket-server/push",
        "bitbucket-server, pr:opened, bitbucket-server/fork",
        "bitbucket-server, pr:comment:added, bitbucket-server/comment"
    })
    void areNeverMoreThanAProblem(String forge, String event, String file) {
        Random random = new Random(SEED);
        String whole = Payloads.body(file);
        for (int i = 0; i < DAMAGED; i++) {
            String damaged = damage(whole, random);
            try {
                Payloads.hear(forge, event, damaged);
            } catch (Problem e) {
                assertTrue(e.kind().status() < 500, () -> SEED + ": " + damaged);
            } catch (RuntimeException e) {
                throw new AssertionError(SEED + ": " + damaged, e);
            }
        }
    }

    private static String damage(String whole, Random random) {
        int at = random.nextInt(whole.length());
        int to = Math.min(whole.length(), at + 1 + random.nextInt(40));
        return switch (random.nextInt(4)) {
            case 0 -> whole.substring(0, at) + (char) random.nextInt(256) + whole.substring(at + 1);
            case 1 -> whole.substring(0, at) + whole.substring(to);
            case 2 -> whole.substring(0, to) + whole.substring(at);
            default -> otherValue(whole, at, VALUES.get(random.nextInt(VALUES.size())));
        };
    }

    /** The next value of a field is another one. */
    private static String otherValue(String whole, int from, String value) {
        int colon = whole.indexOf("\": ", from);
        int end = colon < 0 ? -1 : whole.indexOf('\n', colon);
        if (end < 0) {
            return value;
        }
        String old = whole.substring(colon + 3, end);
        String after = old.endsWith(",") ? "," : "";
        return old.endsWith("{") || old.endsWith("[")
                ? whole.substring(0, colon + 3) + value + ", \"x\": " + whole.substring(colon + 3)
                : whole.substring(0, colon + 3) + value + after + whole.substring(end);
    }
}
