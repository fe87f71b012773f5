package dev.flujo.pipeline.webhook;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WebhookSecretsTest {

    private static final byte[] BODY = "Hello, World!".getBytes(StandardCharsets.UTF_8);
    private static final String SIGNATURE = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";

    @TempDir
    Path directory;

    @Test
    void acceptsGithubsOwnExample() throws IOException {
        assertTrue(secrets("It's a Secret to Everybody").signed(BODY, SIGNATURE));
    }

    @Test
    void acceptsTheOldAndTheNewSecretDuringARotation() throws IOException {
        assertTrue(secrets("new\nIt's a Secret to Everybody\n").signed(BODY, SIGNATURE));
    }

    @Test
    void refusesEverythingElse() throws IOException {
        WebhookSecrets secrets = secrets("It's a Secret to Everybody");

        assertFalse(secrets.signed(BODY, null));
        assertFalse(secrets.signed(BODY, ""));
        assertFalse(secrets.signed(BODY, "sha1=757107ea0eb2509fc211221cce984b8a37570b6d"));
        assertFalse(secrets.signed(BODY, SIGNATURE.replace("75", "76")));
        assertFalse(secrets.signed("Hello, World".getBytes(StandardCharsets.UTF_8), SIGNATURE));
        assertFalse(secrets("other").signed(BODY, SIGNATURE));
        assertFalse(new WebhookSecrets(Optional.empty()).signed(BODY, SIGNATURE));
    }

    private WebhookSecrets secrets(String lines) throws IOException {
        return new WebhookSecrets(Optional.of(Files.writeString(directory.resolve("secrets"), lines)));
    }
}
