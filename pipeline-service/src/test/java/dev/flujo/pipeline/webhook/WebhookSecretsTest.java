package dev.flujo.pipeline.webhook;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
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
        assertTrue(signed(secrets("It's a Secret to Everybody"), BODY, SIGNATURE));
    }

    @Test
    void acceptsTheOldAndTheNewSecretDuringARotation() throws IOException {
        assertTrue(signed(secrets("new\nIt's a Secret to Everybody\n"), BODY, SIGNATURE));
    }

    @Test
    void refusesEverythingElse() throws IOException {
        WebhookSecrets secrets = secrets("It's a Secret to Everybody");

        assertFalse(signed(secrets, BODY, null));
        assertFalse(signed(secrets, BODY, ""));
        assertFalse(signed(secrets, BODY, "sha1=757107ea0eb2509fc211221cce984b8a37570b6d"));
        assertFalse(signed(secrets, BODY, SIGNATURE.replace("75", "76")));
        assertFalse(signed(secrets, "Hello, World".getBytes(StandardCharsets.UTF_8), SIGNATURE));
        assertFalse(signed(secrets("other"), BODY, SIGNATURE));
        assertFalse(signed(new WebhookSecrets(Optional.empty()), BODY, SIGNATURE));
    }

    /** The body in two pieces, as it may come in. */
    private static boolean signed(WebhookSecrets secrets, byte[] body, String signature) {
        WebhookSecrets.Check check = secrets.check(signature);
        check.update(body, 5);
        byte[] rest = Arrays.copyOfRange(body, 5, body.length);
        check.update(rest, rest.length);
        return check.passes();
    }

    private WebhookSecrets secrets(String lines) throws IOException {
        return new WebhookSecrets(Optional.of(Files.writeString(directory.resolve("secrets"), lines)));
    }
}
