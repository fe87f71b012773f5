package dev.flujo.pipeline.api;

import io.smallrye.config.ConfigMapping;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Where repositories may lie. */
@ConfigMapping(prefix = "flujo.repositories")
interface RepositoryConfig {

    /** The directories below which {@code file://} repositories are allowed; none by default. */
    Optional<List<Path>> local();
}
