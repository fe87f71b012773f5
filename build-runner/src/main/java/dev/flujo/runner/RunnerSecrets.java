package dev.flujo.runner;

import dev.flujo.runner.log.SecretMask;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/** What the runner knows and no log may show: its own tokens as they are when a job starts, and what that job is given. */
@ApplicationScoped
public class RunnerSecrets {

    private static final Logger LOG = Logger.getLogger(RunnerSecrets.class);

    private final Optional<Path> tokens;

    RunnerSecrets(@ConfigProperty(name = "flujo.internal.token-file") Optional<Path> tokens) {
        this.tokens = tokens;
    }

    /** A mask of all of them, and of those that a job is given. */
    SecretMask mask(Collection<String> ofJob) {
        List<String> all = new ArrayList<>(ofJob);
        try {
            if (tokens.isPresent()) {
                all.addAll(Files.readAllLines(tokens.get()));
            }
        } catch (IOException e) {
            LOG.warnf("could not read the tokens in %s, so logs are not kept free of them", tokens.get());
        }
        return all.isEmpty() ? SecretMask.NONE : SecretMask.of(all);
    }
}
