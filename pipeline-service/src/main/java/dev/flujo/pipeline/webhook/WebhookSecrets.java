package dev.flujo.pipeline.webhook;

import dev.flujo.pipeline.forge.ForgeSettings;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * The secrets by which forges are known. They are read from their files at each use, so that a rotation needs no restart;
 * every line is a valid secret, so old and new overlap.
 */
@ApplicationScoped
public class WebhookSecrets {

    /** How the keys begin that sign together with the time; they are never sent themselves. */
    private static final String KEY = "whsec_";

    /** How far a signed time may be off. */
    private static final Duration TOLERANCE = Duration.ofMinutes(5);

    private final Optional<Path> file;
    private final ForgeSettings forges;
    private final Clock clock;

    WebhookSecrets(
            @ConfigProperty(name = "flujo.webhook.secret-file") Optional<Path> file,
            ForgeSettings forges,
            Clock clock) {
        this.file = file;
        this.forges = forges;
        this.clock = clock;
    }

    /** Begins to check a body that a forge is said to have sent. */
    BodyCheck check(String forge, Proof proof) {
        if (proof instanceof Proof.Missing) {
            return BodyCheck.impossible();
        }
        if (proof instanceof Proof.Signature signature) {
            return BodyCheck.of(plain(forge), new byte[0], List.of(signature.hex()), HexFormat.of()::formatHex);
        }
        if (proof instanceof Proof.Token token) {
            byte[] given = token.secret().getBytes(StandardCharsets.UTF_8);
            boolean known = false;
            for (byte[] secret : plain(forge)) {
                known |= MessageDigest.isEqual(secret, given);
            }
            return known ? BodyCheck.done() : BodyCheck.impossible();
        }
        if (proof instanceof Proof.TimedSignature signature) {
            return timely(signature.timestamp()) ? timed(forge, signature) : BodyCheck.impossible();
        }
        throw new AssertionError("unhandled proof " + proof);
    }

    private BodyCheck timed(String forge, Proof.TimedSignature signature) {
        List<String> given = Arrays.stream(signature.signatures().split(" "))
                .filter(text -> text.startsWith("v1,"))
                .map(text -> text.substring("v1,".length()))
                .toList();
        byte[] first = (signature.id() + "." + signature.timestamp() + ".").getBytes(StandardCharsets.UTF_8);
        return BodyCheck.of(keys(forge), first, given, Base64.getEncoder()::encodeToString);
    }

    private boolean timely(String timestamp) {
        if (!timestamp.matches("[0-9]{1,11}")) {
            return false;
        }
        Instant signed = Instant.ofEpochSecond(Long.parseLong(timestamp));
        return Duration.between(signed, clock.instant()).abs().compareTo(TOLERANCE) <= 0;
    }

    private List<byte[]> plain(String forge) {
        return lines(forge).stream()
                .filter(line -> !line.startsWith(KEY))
                .map(line -> line.getBytes(StandardCharsets.UTF_8))
                .toList();
    }

    private List<byte[]> keys(String forge) {
        return lines(forge).stream()
                .filter(line -> line.startsWith(KEY))
                .map(line -> Base64.getDecoder().decode(line.substring(KEY.length())))
                .toList();
    }

    private List<String> lines(String forge) {
        Optional<Path> path = forges.of(forge).webhookSecretFile().or(() -> file);
        if (path.isEmpty()) {
            return List.of();
        }
        try {
            return Files.readAllLines(path.get()).stream()
                    .map(String::trim)
                    .filter(line -> !line.isEmpty())
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "Expected the webhook secrets in the file that flujo.webhook.secret-file, or the webhook-secret-file"
                            + " of this forge, names, but it cannot be read: " + path.get(),
                    e);
        }
    }
}
