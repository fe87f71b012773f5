package dev.flujo.kit.auth;

import io.quarkus.arc.DefaultBean;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Optional;
import java.util.Set;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Knows the one token with which Flujo's services talk to each other. It is read from its file at each use, so that a
 * rotation needs no restart; every line of the file is a valid token, so old and new overlap.
 */
@DefaultBean
@ApplicationScoped
public class InternalTokenVerifier implements TokenVerifier {

    /** The name of the caller behind the internal token. */
    public static final String NAME = "flujo";

    private final Optional<Path> file;

    InternalTokenVerifier(@ConfigProperty(name = "flujo.internal.token-file") Optional<Path> file) {
        this.file = file;
    }

    @Override
    public Optional<Caller> verify(String token) {
        if (file.isEmpty() || token.isEmpty()) {
            return Optional.empty();
        }
        byte[] given = token.getBytes(StandardCharsets.UTF_8);
        try {
            boolean valid = Files.readAllLines(file.get()).stream()
                    .map(String::trim)
                    .filter(line -> !line.isEmpty())
                    .anyMatch(line -> MessageDigest.isEqual(line.getBytes(StandardCharsets.UTF_8), given));
            return valid ? Optional.of(new Caller(NAME, Set.of("read", "write", "admin"))) : Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "Expected the internal token in the file that flujo.internal.token-file names, but it cannot be read: "
                            + file.get(),
                    e);
        }
    }
}
