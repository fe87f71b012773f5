package dev.flujo.pipeline.provenance;

import dev.flujo.event.provenance.PublicSigningKey;
import dev.flujo.event.provenance.SigningKey;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * The keys of the file {@code flujo.provenance.key-file}: the first one signs, all of them are published, so that what an older
 * one has signed can still be checked. They are read when used, so another file needs no restart.
 */
@ApplicationScoped
public class SigningKeys {

    private final Optional<Path> file;

    SigningKeys(@ConfigProperty(name = "flujo.provenance.key-file") Optional<Path> file) {
        this.file = file;
    }

    /** The one that signs; none where nothing is signed. */
    Optional<SigningKey> current() {
        return all().stream().findFirst();
    }

    /** The public halves of all of them. */
    public List<PublicSigningKey> published() {
        return all().stream().map(SigningKey::publicKey).toList();
    }

    private List<SigningKey> all() {
        if (file.isEmpty()) {
            return List.of();
        }
        try {
            return PrivateKeys.read(Files.readString(file.get()));
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "Expected the signing keys in the file that flujo.provenance.key-file names, but it cannot be read: "
                            + file.get(),
                    e);
        }
    }
}
