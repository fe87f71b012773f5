package dev.flujo.pipeline.provenance;

import dev.flujo.event.provenance.PublicSigningKey;
import dev.flujo.event.provenance.SigningKey;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/**
 * The keys of the file {@code flujo.provenance.key-file}: the first one signs, all of them are published, so that what an older
 * one has signed can still be checked. They are read when used, so another file needs no restart; one that cannot be used
 * leaves those that were there before.
 */
@ApplicationScoped
public class SigningKeys {

    private static final Logger LOG = Logger.getLogger(SigningKeys.class);

    private final Optional<Path> file;
    private volatile List<SigningKey> known = List.of();

    SigningKeys(@ConfigProperty(name = "flujo.provenance.key-file") Optional<Path> file) {
        this.file = file;
    }

    /** The one that signs; none where nothing is signed. */
    public Optional<SigningKey> current() {
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
            List<SigningKey> read = PrivateKeys.read(Files.readString(file.get()));
            if (read.isEmpty() && !known.isEmpty()) {
                throw new IllegalArgumentException("it holds none");
            }
            known = read;
        } catch (IOException | IllegalArgumentException e) {
            if (known.isEmpty()) {
                throw new IllegalStateException(
                        "Expected signing keys in the file that flujo.provenance.key-file names, " + file.get()
                                + ", but " + e.getMessage(),
                        e);
            }
            LOG.errorf("goes on with the signing keys of before: %s cannot be used: %s", file.get(), e.getMessage());
        }
        return known;
    }
}
