package dev.flujo.runner.executor.docker;

/** The same jobs in containers of Podman. */
class PodmanExecutorIT extends DockerExecutorIT {

    @Override
    TestEngine engine() {
        return TestEngine.PODMAN;
    }
}
