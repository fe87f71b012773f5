package dev.flujo.stack.kubernetes;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.CreateContainerCmd;
import com.github.dockerjava.api.command.InspectContainerResponse.ContainerState;
import com.github.dockerjava.api.exception.ConflictException;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.exception.NotModifiedException;
import com.github.dockerjava.api.model.Capability;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.Mount;
import com.github.dockerjava.api.model.MountType;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerStateBuilder;
import io.fabric8.kubernetes.api.model.ContainerStatusBuilder;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodStatusBuilder;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A pod with one container and its sidecars, which a container engine executes as the pod says: its image, command, user and
 * rights, and of the one volume, which is a directory of this machine, what is mounted of it.
 */
final class ContainerPod implements FakeNode.NodePod {

    /** The label of all such containers, with the uid of the pod. */
    private static final String POD = "dev.flujo.test.pod";

    private final Pod pod;
    private final Container container;
    private final KubernetesClient admin;
    private final DockerClient engine;
    private final Path volume;
    private final AtomicBoolean begun = new AtomicBoolean();
    private final String name;
    private final Map<String, String> labels;
    private final PodSidecars sidecars;
    private volatile boolean over;

    ContainerPod(Pod pod, KubernetesClient admin, DockerClient engine, Path volume) {
        this.pod = pod;
        this.container = pod.getSpec().getContainers().get(0);
        this.admin = admin;
        this.engine = engine;
        this.volume = volume;
        this.name = "flujo-test-pod-" + pod.getMetadata().getUid();
        this.labels = Map.of(POD, pod.getMetadata().getUid());
        this.sidecars = new PodSidecars(pod, engine, name, labels);
    }

    @Override
    public void begin() {
        if (!begun.compareAndSet(false, true)) {
            return;
        }
        String image;
        try {
            image = engine.inspectImageCmd(container.getImage()).exec().getId();
        } catch (NotFoundException e) {
            report("Pending", "", missing(container));
            return;
        }
        if (!sidecars.none() && !begunBeside()) {
            report("Pending", "", new ContainerStateBuilder().withNewWaiting(null, "PodInitializing"));
            return;
        }
        try (CreateContainerCmd command = engine.createContainerCmd(container.getImage())) {
            as(command).exec();
        }
        engine.startContainerCmd(name).exec();
        report("Running", image, new ContainerStateBuilder().withNewRunning(now()));
        Thread thread = new Thread(() -> awaitEnd(image), "container-pod");
        thread.setDaemon(true);
        thread.start();
    }

    /** Whether what goes before the container is ready; nothing is left of it where the pod was ended meanwhile. */
    private boolean begunBeside() {
        try {
            return sidecars.start();
        } finally {
            if (over) {
                kill();
            }
        }
    }

    @Override
    public void end(Pod deleted) {
        try {
            engine.stopContainerCmd(name)
                    .withTimeout(deleted.getMetadata()
                            .getDeletionGracePeriodSeconds()
                            .intValue())
                    .exec();
        } catch (NotFoundException | NotModifiedException ended) {
            kill();
        }
    }

    @Override
    public void kill() {
        over = true;
        engine.listContainersCmd()
                .withShowAll(true)
                .withLabelFilter(labels)
                .exec()
                .forEach(left -> remove(left.getId()));
    }

    private void remove(String id) {
        try {
            engine.removeContainerCmd(id).withForce(true).exec();
        } catch (NotFoundException | ConflictException gone) {
            begun.set(true);
        }
    }

    /** There is no registry, so an image that is not on this machine is nowhere. */
    static ContainerStateBuilder missing(Container container) {
        String image = container.getImage();
        return container.getImagePullPolicy().equals("Never")
                ? new ContainerStateBuilder()
                        .withNewWaiting("Container image \"" + image + "\" is not present", "ErrImageNeverPull")
                : new ContainerStateBuilder().withNewWaiting("failed to pull " + image + ": not found", "ErrImagePull");
    }

    private void awaitEnd(String image) {
        try {
            engine.waitContainerCmd(name).start().awaitStatusCode();
            ContainerState state = engine.inspectContainerCmd(name).exec().getState();
            int code = Objects.requireNonNull(state.getExitCodeLong()).intValue();
            String reason = Boolean.TRUE.equals(state.getOOMKilled()) ? "OOMKilled" : code == 0 ? "Completed" : "Error";
            report(
                    code == 0 ? "Succeeded" : "Failed",
                    image,
                    new ContainerStateBuilder()
                            .withNewTerminated()
                            .withExitCode(code)
                            .withReason(reason)
                            .withFinishedAt(now())
                            .endTerminated());
        } catch (RuntimeException removed) {
            begun.set(true);
        }
    }

    private CreateContainerCmd as(CreateContainerCmd command) {
        var security = container.getSecurityContext();
        var whole = pod.getSpec().getSecurityContext();
        HostConfig host = HostConfig.newHostConfig()
                .withCapDrop(security.getCapabilities().getDrop().stream()
                        .map(Capability::valueOf)
                        .toArray(Capability[]::new))
                .withSecurityOpts(security.getAllowPrivilegeEscalation() ? List.of() : List.of("no-new-privileges"))
                .withReadonlyRootfs(security.getReadOnlyRootFilesystem())
                .withMemory(container
                        .getResources()
                        .getLimits()
                        .get("memory")
                        .getNumericalAmount()
                        .longValue())
                .withMounts(
                        container.getVolumeMounts().stream().map(this::mount).toList());
        if (sidecars.none()) {
            command.withHostName(pod.getSpec().getHostname());
        } else {
            host.withNetworkMode(sidecars.network());
        }
        return command.withName(name)
                .withLabels(labels)
                .withUser(whole.getRunAsUser() + ":" + whole.getRunAsGroup())
                .withEntrypoint(container.getCommand())
                .withEnv(container.getEnv().stream().map(this::variable).toList())
                .withWorkingDir(container.getWorkingDir())
                .withHostConfig(host);
    }

    private Mount mount(VolumeMount mount) {
        return new Mount()
                .withType(MountType.BIND)
                .withSource(volume.resolve(mount.getSubPath()).toString())
                .withTarget(mount.getMountPath())
                .withReadOnly(Boolean.TRUE.equals(mount.getReadOnly()));
    }

    private String variable(EnvVar variable) {
        boolean uid = variable.getValueFrom() != null
                && variable.getValueFrom().getFieldRef().getFieldPath().equals("metadata.uid");
        return variable.getName() + "=" + (uid ? pod.getMetadata().getUid() : variable.getValue());
    }

    private void report(String phase, String image, ContainerStateBuilder state) {
        FakeNode.report(
                admin,
                pod,
                new PodStatusBuilder()
                        .withPhase(phase)
                        .withInitContainerStatuses(sidecars.statuses())
                        .withContainerStatuses(new ContainerStatusBuilder()
                                .withName(container.getName())
                                .withImage(container.getImage())
                                .withImageID(image.isEmpty() ? "" : container.getImage() + "@" + image)
                                .withReady(phase.equals("Running"))
                                .withRestartCount(0)
                                .withState(state.build())
                                .build())
                        .build());
    }

    static String now() {
        return Instant.now().toString();
    }
}
