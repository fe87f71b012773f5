package dev.flujo.e2e;

import java.nio.file.Path;

/** The whole platform with a runner that executes jobs in containers of a real engine. */
class DockerIT extends ContainedJobs {

    @Override
    Workplace open(Path runnerDirectory) {
        return Workplace.containers();
    }
}
