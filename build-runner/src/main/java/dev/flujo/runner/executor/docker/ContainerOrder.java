package dev.flujo.runner.executor.docker;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.model.Capability;
import com.github.dockerjava.api.model.HealthCheck;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.LogConfig;
import com.github.dockerjava.api.model.Mount;
import com.github.dockerjava.api.model.MountType;
import dev.flujo.runner.executor.container.Limits;
import dev.flujo.runner.executor.container.Place;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * A container of a job, as the engine is asked for it: somebody who is not root and cannot become more than they are, on a
 * root file system that is only read, with limits, and the engine's own filter of system calls.
 *
 * @param outside what the engine calls a path of the runner's
 */
record ContainerOrder(
        String runner,
        String mark,
        Kind kind,
        Limits limits,
        Place place,
        Path scripts,
        Optional<String> runtime,
        UnaryOperator<Path> outside) {

    /** What the machine is called in a container. */
    static final String HOST = "flujo";

    static String name(String mark) {
        return "flujo-" + mark;
    }

    String name() {
        return name(mark);
    }

    String image() {
        return kind.image();
    }

    String create(DockerClient client) {
        try (var command = client.createContainerCmd(kind.image())) {
            if (!kind.besideAnother()) {
                // Beside another it has that one's.
                command.withHostName(HOST);
            }
            return command.withName(name())
                    .withLabels(Map.of(Engine.RUNNER, runner, Engine.MARK, mark))
                    .withUser(place.user().text())
                    .withEntrypoint("bash")
                    .withCmd(Place.INSIDE.resolve("bin/container.sh").toString())
                    .withWorkingDir(Place.INSIDE.resolve("workspace").toString())
                    .withHealthcheck(new HealthCheck().withTest(List.of("NONE")))
                    .withHostConfig(host())
                    .exec()
                    .getId();
        }
    }

    private HostConfig host() {
        HostConfig host = closed(kind)
                .withMemory(limits.memory())
                .withMemorySwap(limits.memory())
                .withPidsLimit(limits.pids())
                .withMounts(mounts());
        if (limits.nanoCpus() > 0) {
            host.withNanoCPUs(limits.nanoCpus());
        }
        runtime.ifPresent(host::withRuntime);
        return host;
    }

    /** What keeps a container in: all that is the same for those of jobs and those that hold networks for them. */
    static HostConfig closed(Kind kind) {
        return HostConfig.newHostConfig()
                .withCapDrop(Capability.ALL)
                .withSecurityOpts(List.of("no-new-privileges"))
                .withReadonlyRootfs(true)
                .withPrivileged(false)
                .withIpcMode("private")
                .withNetworkMode(kind.network())
                .withLogConfig(new LogConfig(LogConfig.LoggingType.NONE));
    }

    private List<Mount> mounts() {
        List<Mount> mounts = new ArrayList<>();
        for (Place.Mount mount : place.mounts()) {
            mounts.add(bind(mount));
        }
        mounts.add(bind(new Place.Mount(scripts, Place.INSIDE.resolve("bin"), false)));
        return mounts;
    }

    private Mount bind(Place.Mount mount) {
        return new Mount()
                .withType(MountType.BIND)
                .withSource(outside.apply(mount.outside()).toString())
                .withTarget(mount.inside().toString())
                .withReadOnly(!mount.writable());
    }
}
