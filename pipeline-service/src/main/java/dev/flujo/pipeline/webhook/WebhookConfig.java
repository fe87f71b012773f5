package dev.flujo.pipeline.webhook;

import io.smallrye.config.ConfigMapping;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** By which secrets forges are known. */
@ConfigMapping(prefix = "flujo.webhook")
interface WebhookConfig {

    /** The file with the secrets of the forges that have no file of their own. */
    Optional<Path> secretFile();

    /** The files with the secrets of single forges, by their names. */
    Map<String, Path> secretFiles();
}
