package dev.flujo.runner.executor;

import dev.flujo.runner.AttemptDirectory;
import java.nio.file.Path;

/**
 * Where the steps of a job find their things, as they see it.
 *
 * @param ofThisMachine whether steps see the runner's own machine, and so what it has installed
 */
public record JobPlace(Path workspace, Path outputs, Path needs, Path temporary, Path home, boolean ofThisMachine) {

    /** The attempt's directory on this machine, with this home. */
    public static JobPlace here(AttemptDirectory directory, Path home) {
        return new JobPlace(
                directory.workspace().toAbsolutePath(),
                directory.outputs().toAbsolutePath(),
                directory.needs().toAbsolutePath(),
                directory.temporary().toAbsolutePath(),
                home.toAbsolutePath(),
                true);
    }
}
