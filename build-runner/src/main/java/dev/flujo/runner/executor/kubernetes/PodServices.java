package dev.flujo.runner.executor.kubernetes;

import dev.flujo.event.plan.Service;
import dev.flujo.runner.executor.RefusedException;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.HostAlias;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.ProbeBuilder;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.SecurityContextBuilder;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What runs beside a job in its pod: containers that begin one after the other before the job's, each once that before it is
 * ready, and that end after it; <a href="https://kubernetes.io/docs/concepts/workloads/pods/sidecar-containers/">sidecars</a>,
 * as Kubernetes calls them. They share the pod's addresses, so their names lead to the pod itself.
 */
final class PodServices {

    private static final Pattern HOST = Pattern.compile("[a-z0-9]([a-z0-9-]*[a-z0-9])?");
    private static final int HTTP_PORT = 80;
    private static final int ONCE_SECONDS = 10;

    /** How the process of a container ends that its node has told to, or has killed. */
    private static final Set<Integer> TOLD_TO_END = Set.of(128 + 15, 128 + 9);

    /** A service, with the name of its container: names of services may be longer, and have other letters. */
    private record Named(String container, String name, Service service) {}

    private final List<Named> services = new ArrayList<>();

    PodServices(Map<String, Service> services) {
        services.forEach((name, service) ->
                this.services.add(new Named("service-" + (this.services.size() + 1), name, service)));
    }

    /** Refuses names by which nothing is reached in a pod. */
    void check() throws RefusedException {
        for (Named service : services) {
            if (!HOST.matcher(host(service)).matches()) {
                throw new RefusedException("Expected services with names of letters, digits and '-', since pods reach"
                        + " them by no others, but found '" + service.name() + "'");
            }
        }
    }

    /** The containers, as somebody who is not root, whatever their images say; they may write to their own file systems. */
    List<Container> containers(String pullPolicy, ResourceRequirements resources) {
        return services.stream()
                .map(service -> container(service, pullPolicy, resources))
                .toList();
    }

    /** The names by which the job reaches them. */
    List<HostAlias> names() {
        return services.isEmpty()
                ? List.of()
                : List.of(new HostAlias(services.stream().map(PodServices::host).toList(), "127.0.0.1"));
    }

    private static String host(Named service) {
        return service.name().toLowerCase(Locale.ROOT);
    }

    /**
     * Expects that the API server has understood which containers go on beside the job's; one that has not would wait for their
     * end before it.
     */
    void expectKept(Pod made) throws RefusedException {
        if (!services.isEmpty()
                && made.getSpec().getInitContainers().stream()
                        .anyMatch(container -> !"Always".equals(container.getRestartPolicy()))) {
            throw new RefusedException("Expected Kubernetes 1.29 or newer, which starts services beside a job, but the"
                    + " API server does not know what restarts them; send the job to a runner that executes with"
                    + " docker, by `labels: [docker]`");
        }
    }

    /** Whether one of them will not be ready: it has ended, or it cannot begin. */
    boolean failed(Pod pod) {
        return services.stream()
                .flatMap(service -> status(pod, service).stream())
                .anyMatch(PodServices::failed);
    }

    /** Why the job cannot begin, if that is for one of these. */
    Optional<IOException> trouble(Pod pod) throws RefusedException {
        for (Named service : services) {
            Optional<ContainerStatus> failed = status(pod, service).filter(PodServices::failed);
            if (failed.isPresent()) {
                return Optional.of(trouble(service, failed.get()));
            }
        }
        return Optional.empty();
    }

    private static IOException trouble(Named service, ContainerStatus failed) throws RefusedException {
        Optional<ContainerStateTerminated> ended = ended(failed);
        if (ended.isEmpty()) {
            return PodState.notStarted(
                    failed.getState().getWaiting(), service.service().image());
        }
        int code = ended.get().getExitCode();
        Optional<Duration> patience = service.service().ready().map(Service.Ready::timeout);
        boolean outOfMemory = "OOMKilled".equals(ended.get().getReason());
        String found = patience.isPresent() && TOLD_TO_END.contains(code) && !outOfMemory
                ? "it was not within " + patience.get().toSeconds() + " s"
                : "it has ended with " + code + (outOfMemory ? ", out of memory" : "");
        throw new RefusedException("Expected the service '" + service.name() + "' to be ready, but " + found
                + "; the last that it printed: "
                + Optional.ofNullable(ended.get().getMessage())
                        .map(String::strip)
                        .orElse("nothing"));
    }

    private static boolean failed(ContainerStatus status) {
        return ended(status).isPresent()
                || (status.getState() != null
                        && Optional.ofNullable(status.getState().getWaiting())
                                .filter(PodState::hopeless)
                                .isPresent());
    }

    /** How it ended, also where it was started again since. */
    private static Optional<ContainerStateTerminated> ended(ContainerStatus status) {
        return Optional.ofNullable(status.getState())
                .flatMap(state -> Optional.ofNullable(state.getTerminated()))
                .or(() -> Optional.ofNullable(status.getLastState())
                        .flatMap(state -> Optional.ofNullable(state.getTerminated())));
    }

    private static Optional<ContainerStatus> status(Pod pod, Named service) {
        return pod.getStatus().getInitContainerStatuses().stream()
                .filter(status -> status.getName().equals(service.container()))
                .findFirst();
    }

    private static Container container(Named named, String pullPolicy, ResourceRequirements resources) {
        Service service = named.service();
        ContainerBuilder container = new ContainerBuilder()
                .withName(named.container())
                .withImage(service.image())
                .withImagePullPolicy(pullPolicy)
                .withRestartPolicy("Always")
                .withEnv(service.env().entrySet().stream()
                        .map(variable -> new EnvVar(variable.getKey(), variable.getValue(), null))
                        .toList())
                .withResources(resources)
                .withStartupProbe(service.ready().map(PodServices::probe).orElse(null))
                .withTerminationMessagePolicy("FallbackToLogsOnError")
                .withSecurityContext(new SecurityContextBuilder()
                        .withPrivileged(false)
                        .withAllowPrivilegeEscalation(false)
                        .withNewCapabilities()
                        .withDrop("ALL")
                        .endCapabilities()
                        .build());
        service.command().ifPresent(command -> container.withCommand("sh", "-c", command));
        return container.build();
    }

    /** Nodes count in whole seconds. */
    private static Probe probe(Service.Ready ready) {
        long every = Math.max(1, ready.every().toSeconds());
        long times = Math.max(1, (ready.timeout().toSeconds() + every - 1) / every);
        ProbeBuilder probe = new ProbeBuilder()
                .withPeriodSeconds((int) every)
                .withFailureThreshold((int) times)
                .withTimeoutSeconds(ONCE_SECONDS);
        if (ready.run().isPresent()) {
            probe.withNewExec().withCommand("sh", "-c", ready.run().get()).endExec();
        } else if (ready.http().isPresent()) {
            probe.withNewHttpGet()
                    .withPath(ready.http().get())
                    .withNewPort(ready.port() == 0 ? HTTP_PORT : ready.port())
                    .endHttpGet();
        } else {
            probe.withNewTcpSocket().withNewPort(ready.port()).endTcpSocket();
        }
        return probe.build();
    }
}
