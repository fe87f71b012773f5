package dev.flujo.e2e;

import java.nio.file.Path;

/** The whole platform with a runner that executes jobs in pods of a real API server, on a node of the tests' own. */
class KubernetesIT extends ContainedJobs {

    @Override
    Workplace open(Path runnerDirectory) {
        return Workplace.pods(runnerDirectory);
    }
}
