package dev.flujo.pipeline.token;

import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/**
 * The admin tokens of the file {@code flujo.bootstrap.token-file}, one to a line; only their hashes stay in memory. They work
 * without the database. The file is read again when it has changed.
 */
@ApplicationScoped
class BootstrapTokens {

    private static final Duration PAUSE = Duration.ofSeconds(2);
    private static final int SHORTEST = 20;
    private static final Logger LOG = Logger.getLogger(BootstrapTokens.class);

    private final Optional<Path> file;
    private final Clock clock;
    private volatile Known known = new Known(Set.of(), Instant.EPOCH);

    private record Known(Set<String> hashes, Instant readAt) {}

    BootstrapTokens(@ConfigProperty(name = "flujo.bootstrap.token-file") Optional<Path> file, Clock clock) {
        this.file = file;
        this.clock = clock;
    }

    boolean has(String hash) {
        return file.isPresent() && hashes(file.get()).stream().anyMatch(each -> TokenSecret.sameHash(each, hash));
    }

    private Set<String> hashes(Path path) {
        Known before = known;
        Instant now = clock.instant();
        if (now.isBefore(before.readAt().plus(PAUSE))) {
            return before.hashes();
        }
        try {
            Set<String> hashes = Files.readAllLines(path).stream()
                    .map(String::trim)
                    .filter(line -> line.length() >= SHORTEST)
                    .map(TokenSecret::hash)
                    .collect(Collectors.toSet());
            known = new Known(hashes, now);
        } catch (IOException e) {
            LOG.warnf("Expected admin tokens in %s, but it cannot be read: %s", path, e);
            known = new Known(before.hashes(), now);
        }
        return known.hashes();
    }
}
