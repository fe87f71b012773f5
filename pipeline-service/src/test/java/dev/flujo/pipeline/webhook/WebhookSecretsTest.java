package dev.flujo.pipeline.webhook;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.flujo.pipeline.forge.ForgeSettings;
import dev.flujo.pipeline.forge.ForgeSettingsFixture;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WebhookSecretsTest {

    private static final byte[] BODY = "Hello, World!".getBytes(StandardCharsets.UTF_8);
    private static final String DIGEST = "757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";
    private static final String SECRET = "It's a Secret to Everybody";
    private static final Instant NOW = Instant.ofEpochSecond(1_795_443_965);
    private static final String KEY = "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=";

    @TempDir
    Path directory;

    @Test
    void acceptsGithubsOwnExample() throws IOException {
        assertTrue(passes(secrets(SECRET), new Proof.Signature(DIGEST)));
    }

    @Test
    void acceptsTheOldAndTheNewSecretDuringARotation() throws IOException {
        assertTrue(passes(secrets("new\n" + SECRET + "\n"), new Proof.Signature(DIGEST)));
        assertTrue(passes(secrets("new\n" + SECRET + "\n"), new Proof.Token("new")));
    }

    @Test
    void refusesEveryOtherSignature() throws IOException {
        WebhookSecrets secrets = secrets(SECRET);
        for (Proof proof : List.of(
                new Proof.Missing(),
                new Proof.Signature(""),
                new Proof.Signature(DIGEST.replace("75", "76")),
                new Proof.Signature(DIGEST + "00"),
                new Proof.Token(DIGEST))) {
            assertFalse(passes(secrets, proof), proof.toString());
        }
        assertFalse(passes(secrets("other"), new Proof.Signature(DIGEST)));
        assertFalse(passes(secrets(""), new Proof.Signature(DIGEST)));
        assertFalse(passes(new WebhookSecrets(Optional.empty(), forges(Map.of()), clock()), new Proof.Token("")));
    }

    @Test
    void neverTakesASigningKeyForAToken() throws IOException {
        assertFalse(passes(secrets(KEY), new Proof.Token(KEY)));
        assertFalse(passes(secrets(SECRET), new Proof.Token("")));
    }

    @Test
    void acceptsASignatureOfIdTimeAndBodyWhileItIsFresh() throws IOException {
        WebhookSecrets secrets = secrets("whsec_b3RoZXI=\n" + KEY);
        String signature = "v1," + signed("delivery-1", NOW.getEpochSecond());

        assertTrue(passes(secrets, timed("delivery-1", NOW.getEpochSecond(), "v1,AAAA " + signature)));
        long earlier = NOW.getEpochSecond() - 299;
        assertTrue(passes(secrets, timed("delivery-1", earlier, "v1," + signed("delivery-1", earlier))));
        for (Proof proof : List.of(
                timed("delivery-2", NOW.getEpochSecond(), signature),
                timed("delivery-1", NOW.getEpochSecond() + 1, signature),
                timed("delivery-1", NOW.getEpochSecond(), signature.replace("v1,", "v2,")),
                timed("delivery-1", NOW.getEpochSecond(), signature.substring(3)),
                timed("delivery-1", earlier - 2, "v1," + signed("delivery-1", earlier - 2)),
                new Proof.TimedSignature("delivery-1", "", signature),
                new Proof.TimedSignature("delivery-1", "1795443965.0", signature))) {
            assertFalse(passes(secrets, proof), proof.toString());
        }
    }

    @Test
    void knowsAForgeByItsOwnFileWhereItHasOne() throws IOException {
        Path all = Files.writeString(directory.resolve("all"), SECRET);
        Path gitlab = Files.writeString(directory.resolve("gitlab"), "only gitlab's");
        WebhookSecrets secrets = new WebhookSecrets(Optional.of(all), forges(Map.of("gitlab", gitlab)), clock());

        assertTrue(passes(secrets, new Proof.Token("only gitlab's")));
        assertFalse(passes(secrets, new Proof.Token(SECRET)));
        assertTrue(passes("gitea", secrets, new Proof.Signature(DIGEST)));
    }

    private static Proof timed(String id, long seconds, String signatures) {
        return new Proof.TimedSignature(id, Long.toString(seconds), signatures);
    }

    private static String signed(String id, long seconds) {
        return Signatures.timed(KEY, id, seconds, BODY);
    }

    private static boolean passes(WebhookSecrets secrets, Proof proof) {
        return passes("gitlab", secrets, proof);
    }

    /** The body in two pieces, as it may come in. */
    private static boolean passes(String forge, WebhookSecrets secrets, Proof proof) {
        BodyCheck check = secrets.check(forge, proof);
        check.update(BODY, 5);
        byte[] rest = Arrays.copyOfRange(BODY, 5, BODY.length);
        check.update(rest, rest.length);
        return check.possible() && check.passes();
    }

    private WebhookSecrets secrets(String lines) throws IOException {
        Path file = Files.writeString(directory.resolve("secrets"), lines);
        return new WebhookSecrets(Optional.of(file), forges(Map.of()), clock());
    }

    private static Clock clock() {
        return Clock.fixed(NOW, ZoneOffset.UTC);
    }

    private static ForgeSettings forges(Map<String, Path> files) {
        Map<String, String> properties = new HashMap<>();
        files.forEach(
                (forge, file) -> properties.put("flujo.forges." + forge + ".webhook-secret-file", file.toString()));
        return ForgeSettingsFixture.of(properties);
    }
}
