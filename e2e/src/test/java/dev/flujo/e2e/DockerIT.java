package dev.flujo.e2e;

import java.nio.file.Path;
import java.util.Map;

/** The whole platform with a runner that executes jobs in containers of a real engine. */
class DockerIT extends ContainedJobs {

    @Override
    Map<String, String> open(Path runnerDirectory) {
        return Map.of(
                "FLUJO_RUNNER_EXECUTOR", "docker",
                "FLUJO_RUNNER_DOCKER_IMAGE", IMAGE,
                "FLUJO_RUNNER_DOCKER_MEMORY", "256m",
                "FLUJO_RUNNER_DOCKER_PULL", "never");
    }

    @Override
    void close() {
        // The runner takes its containers with it.
    }
}
