package dev.flujo.runner.executor.docker;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.model.Capability;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.LogConfig;
import dev.flujo.event.plan.Service;
import dev.flujo.runner.executor.container.Limits;
import java.util.Map;
import java.util.Optional;

/**
 * A container of a service, as the engine is asked for it: what its image says, with the job's limits, and with no other
 * capabilities than those by which servers give files to their users and become them.
 *
 * @param image the id of the image
 */
record ServiceOrder(
        String runner,
        String mark,
        String name,
        String image,
        Service service,
        Limits limits,
        Optional<String> runtime) {

    private static final Map<String, String> LOG = Map.of("max-size", "1m");

    String container() {
        return container(mark, name);
    }

    static String container(String mark, String name) {
        return ContainerOrder.name(mark) + "-" + name;
    }

    String create(DockerClient client) {
        try (var command = client.createContainerCmd(image)) {
            command.withName(container())
                    .withLabels(Map.of(Engine.RUNNER, runner, Engine.MARK, mark))
                    .withHostName(name)
                    .withAliases(name)
                    .withEnv(service.env().entrySet().stream()
                            .map(variable -> variable.getKey() + "=" + variable.getValue())
                            .toList())
                    .withHostConfig(host());
            service.command()
                    .ifPresent(text -> command.withEntrypoint("sh", "-c").withCmd(text));
            return command.exec().getId();
        }
    }

    private HostConfig host() {
        HostConfig host = HostConfig.newHostConfig()
                .withCapDrop(Capability.ALL)
                .withCapAdd(
                        Capability.CHOWN,
                        Capability.DAC_OVERRIDE,
                        Capability.FOWNER,
                        Capability.NET_BIND_SERVICE,
                        Capability.SETGID,
                        Capability.SETUID)
                .withSecurityOpts(java.util.List.of("no-new-privileges"))
                .withPrivileged(false)
                .withIpcMode("private")
                .withNetworkMode(ContainerOrder.name(mark))
                .withMemory(limits.memory())
                .withMemorySwap(limits.memory())
                .withPidsLimit(limits.pids())
                .withLogConfig(new LogConfig(LogConfig.LoggingType.JSON_FILE, LOG));
        if (limits.nanoCpus() > 0) {
            host.withNanoCPUs(limits.nanoCpus());
        }
        runtime.ifPresent(host::withRuntime);
        return host;
    }
}
