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
import java.util.List;
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

    /** Begins to check a body against what the header {@code X-Hub-Signature-256} says of it. */
    Check check(String signature) {
        boolean ofUs = signature != null && signature.startsWith(PREFIX);
        return new Check(
                ofUs ? signature.substring(PREFIX.length()) : "",
                ofUs && file.isPresent() ? macs(file.get()) : List.of());
    }

    private static List<Mac> macs(Path path) {
        try {
            return Files.readAllLines(path).stream()
                    .map(String::trim)
                    .filter(line -> !line.isEmpty())
                    .map(WebhookSecrets::mac)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "Expected the webhook secrets in the file that flujo.webhook.secret-file names, but it cannot be"
                            + " read: " + path,
                    e);
        }
    }

    private static Mac mac(String secret) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), ALGORITHM));
            return mac;
        } catch (GeneralSecurityException e) {
            throw new AssertionError("every Java platform has " + ALGORITHM, e);
        }
    }

    /** The check of one body, piece by piece as it comes in. */
    static final class Check {

        private final byte[] given;
        private final List<Mac> macs;

        private Check(String given, List<Mac> macs) {
            this.given = given.getBytes(StandardCharsets.US_ASCII);
            this.macs = macs;
        }

        /** Whether any body could pass: a signature of the right form, and a secret, are there. */
        boolean possible() {
            return !macs.isEmpty();
        }

        void update(byte[] piece, int length) {
            macs.forEach(mac -> mac.update(piece, 0, length));
        }

        /** Whether the signature is that of all pieces by one of the secrets; to be asked once, after the last one. */
        boolean passes() {
            return macs.stream()
                    .map(mac -> HexFormat.of().formatHex(mac.doFinal()).getBytes(StandardCharsets.US_ASCII))
                    .anyMatch(expected -> MessageDigest.isEqual(expected, given));
        }
    }
}
