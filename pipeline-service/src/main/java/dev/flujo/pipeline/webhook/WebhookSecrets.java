package dev.flujo.pipeline.webhook;

import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * The secrets with which forges sign. They are read from their file at each use, so that a rotation needs no restart; every
 * line is a valid secret, so old and new overlap.
 */
@ApplicationScoped
public class WebhookSecrets {

    private static final String ALGORITHM = "HmacSHA256";
    private static final String PREFIX = "sha256=";

    private final Optional<Path> file;

    WebhookSecrets(@ConfigProperty(name = "flujo.webhook.secret-file") Optional<Path> file) {
        this.file = file;
    }

    /** Whether the header {@code X-Hub-Signature-256} is the signature of these bytes by one of the secrets. */
    boolean signed(byte[] body, String signature) {
        if (signature == null || !signature.startsWith(PREFIX) || file.isEmpty()) {
            return false;
        }
        byte[] given = signature.substring(PREFIX.length()).getBytes(StandardCharsets.US_ASCII);
        try {
            return Files.readAllLines(file.get()).stream()
                    .map(String::trim)
                    .filter(line -> !line.isEmpty())
                    .anyMatch(secret -> MessageDigest.isEqual(signature(body, secret), given));
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "Expected the webhook secrets in the file that flujo.webhook.secret-file names, but it cannot be"
                            + " read: " + file.get(),
                    e);
        }
    }

    private static byte[] signature(byte[] body, String secret) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), ALGORITHM));
            return HexFormat.of().formatHex(mac.doFinal(body)).getBytes(StandardCharsets.US_ASCII);
        } catch (GeneralSecurityException e) {
            throw new AssertionError("every Java platform has " + ALGORITHM, e);
        }
    }
}
