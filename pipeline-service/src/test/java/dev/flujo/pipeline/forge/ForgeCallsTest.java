package dev.flujo.pipeline.forge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.flujo.kit.problem.Problem;
import dev.flujo.pipeline.forge.CommitStatus.State;
import dev.flujo.pipeline.forge.FakeForge.Reply;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a forge may answer, and what Flujo never does for it. */
class ForgeCallsTest {

    private static final CommitStatus STATUS =
            new CommitStatus("a".repeat(40), "main", "flujo/main/push", State.SUCCESS, "Succeeded", Optional.empty());

    @TempDir
    Path directory;

    private final FakeForge fake = new FakeForge();
    private final FakeForge other = new FakeForge();

    @AfterEach
    void end() {
        fake.close();
        other.close();
    }

    @Test
    void waitsForAsLongAsItIsAskedTo() {
        String date = DateTimeFormatter.RFC_1123_DATE_TIME.format(
                Instant.now().plusSeconds(90).atZone(ZoneOffset.UTC));
        String reset = Long.toString(Instant.now().plusSeconds(90).getEpochSecond());
        fake.answers(
                Reply.of(429).with("Retry-After", "7"),
                Reply.of(503).with("Retry-After", date),
                new Reply(403, Map.of("X-RateLimit-Remaining", "0", "X-RateLimit-Reset", reset), "{}"),
                Reply.of(429).with("Retry-After", "999999"),
                Reply.of(429).with("Retry-After", "soon"),
                Reply.of(500),
                Reply.of(401));

        assertEquals(Optional.of(Duration.ofSeconds(7)), away().patience());
        for (int i = 0; i < 2; i++) {
            Duration asked = away().patience().orElseThrow();
            assertTrue(asked.toSeconds() > 60 && asked.toSeconds() <= 90, asked.toString());
        }
        assertEquals(Optional.of(Duration.ofHours(1)), away().patience());
        assertEquals(Optional.empty(), away().patience());
        assertEquals(Optional.empty(), away().patience());
        assertEquals(Optional.empty(), away().patience());
    }

    @Test
    void triesNothingAgainThatIsRefused() {
        for (int status : List.of(400, 403, 404, 422)) {
            fake.answers(Reply.of(status));
            ForgeRefused refused = assertThrows(ForgeRefused.class, this::tell);
            assertEquals(status, refused.status());
            assertTrue(refused.getMessage().contains("as the test wants"), refused.getMessage());
            assertFalse(refused.getMessage().contains(ForgesFixture.TOKEN), refused.getMessage());
        }
    }

    @Test
    void doesNotWaitForeverForAnAnswer() {
        fake.answers(Reply.never());

        assertEquals(Optional.empty(), away().patience());
    }

    @Test
    void takesTheTokenNowhereElse() {
        for (int status : List.of(301, 302, 307, 308)) {
            fake.answers(Reply.of(status).with("Location", other.url() + "/elsewhere"));
            assertThrows(ForgeRefused.class, this::tell);
        }

        assertEquals(List.of(), other.calls());
    }

    @Test
    void takesATokenThatWasChangedAndOneThatIsAProjectsOwn() {
        Forges forges = ForgesFixture.at("gitea", fake.url(), directory);
        tell(forges);
        ForgesFixture.file(directory, "another-token");
        tell(forges);
        Path own = directory.resolve("own");
        own.toFile().mkdir();
        tell(ForgesFixture.at(
                "gitea",
                fake.url(),
                directory,
                Map.of("token-files.shop", ForgesFixture.file(own, "shops-own").toString())));

        assertEquals(
                List.of("token " + ForgesFixture.TOKEN, "token another-token", "token shops-own"),
                fake.calls().stream().map(call -> call.header("Authorization")).toList());
    }

    @Test
    void connectsToNoPrivateAddressUnlessThatIsSaid() {
        URI here = URI.create(fake.url().toString().replace("http:", "https:"));
        for (URI url : List.of(here, URI.create("https://10.0.0.1/api"), URI.create("https://localhost:1/api"))) {
            Forges forges = ForgesFixture.at("gitea", url, directory, Map.of("private-network", "false"));

            ForgeRefused refused = assertThrows(ForgeRefused.class, () -> tell(forges));
            assertTrue(refused.getMessage().contains("private-network"), refused.getMessage());
        }
        assertThrows(
                IllegalArgumentException.class,
                () -> ForgesFixture.at("gitea", fake.url(), directory, Map.of("private-network", "false")),
                "without TLS");
        assertEquals(List.of(), fake.calls());
    }

    @Test
    void readsNoAnswerWithoutAnEnd() {
        fake.answers(new Reply(200, Map.of(), "[" + " ".repeat(9 * 1024 * 1024) + "]"));
        Forges forges = ForgesFixture.at("gitea", fake.url(), directory);
        Repository shop = forges.repository("shop").orElseThrow();

        ForgeRefused refused =
                assertThrows(ForgeRefused.class, () -> forges.of(shop).branches(shop));
        assertTrue(refused.getMessage().contains("larger"), refused.getMessage());
        fake.answers(Reply.json("<html>"));
        assertThrows(ForgeRefused.class, () -> forges.of(shop).branches(shop));
    }

    @Test
    void saysThatNobodyCanBeAskedNow() {
        Forges forges = ForgesFixture.at("gitlab", fake.url(), directory);
        fake.answers(Reply.of(502), Reply.of(502));

        String whyNot =
                forges.whyNot("gitlab", "shop", new ForgeUser("bob", "5")).orElseThrow();
        assertTrue(whyNot.startsWith("gitlab could not say so: "), whyNot);
        Problem whole = assertThrows(Problem.class, () -> forges.whole("gitlab", "shop", "aaaaaaa"));
        assertEquals(503, whole.kind().status());
        Problem unknown = assertThrows(Problem.class, () -> forges.whole("gitlab", "another", "aaaaaaa"));
        assertEquals(422, unknown.kind().status());
    }

    private ForgeAway away() {
        return assertThrows(ForgeAway.class, this::tell);
    }

    private void tell() {
        tell(ForgesFixture.at("gitea", fake.url(), directory));
    }

    private static void tell(Forges forges) {
        Repository shop = forges.repository("shop").orElseThrow();
        forges.of(shop).tell(shop, STATUS);
    }
}
