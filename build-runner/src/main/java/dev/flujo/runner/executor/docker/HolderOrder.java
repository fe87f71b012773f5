package dev.flujo.runner.executor.docker;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.model.HealthCheck;
import dev.flujo.runner.executor.JobUser;
import java.util.List;
import java.util.Map;

/**
 * A container that does nothing but hold a place in the network of jobs, as the engine is asked for it. That of a job joins it
 * there, and has the same mark.
 */
record HolderOrder(String runner, String mark, Kind kind, JobUser user) {

    private static final long BYTES = 32L << 20;
    private static final long PROCESSES = 16;

    static String name(String mark) {
        return ContainerOrder.name(mark) + "-network";
    }

    String create(DockerClient client) {
        try (var command = client.createContainerCmd(kind.image())) {
            return command.withName(name(mark))
                    .withLabels(Map.of(Engine.RUNNER, runner, Engine.MARK, mark))
                    .withHostName(ContainerOrder.HOST)
                    .withUser(user.text())
                    .withEntrypoint("sleep")
                    .withCmd("infinity")
                    .withHealthcheck(new HealthCheck().withTest(List.of("NONE")))
                    .withHostConfig(ContainerOrder.closed(kind)
                            .withMemory(BYTES)
                            .withMemorySwap(BYTES)
                            .withPidsLimit(PROCESSES))
                    .exec()
                    .getId();
        }
    }
}
