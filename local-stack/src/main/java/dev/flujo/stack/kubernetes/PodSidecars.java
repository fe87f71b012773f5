package dev.flujo.stack.kubernetes;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.command.CreateContainerCmd;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.Capability;
import com.github.dockerjava.api.model.Frame;
import com.github.dockerjava.api.model.HostConfig;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStateBuilder;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.ContainerStatusBuilder;
import io.fabric8.kubernetes.api.model.HTTPGetAction;
import io.fabric8.kubernetes.api.model.HostAlias;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Probe;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * What runs beside the first container of a pod, started one after the other, each once that before it has passed its probe;
 * and the container whose addresses and names they all share.
 */
final class PodSidecars {

    private static final long STEP_NANOS = 50_000_000;
    private static final long SECOND_NANOS = 1_000_000_000;
    private static final int LAST_LINES = 20;
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final Pod pod;
    private final DockerClient engine;
    private final String name;
    private final Map<String, String> labels;
    private final List<ContainerStatus> statuses = new ArrayList<>();

    PodSidecars(Pod pod, DockerClient engine, String name, Map<String, String> labels) {
        this.pod = pod;
        this.engine = engine;
        this.name = name;
        this.labels = labels;
    }

    boolean none() {
        return pod.getSpec().getInitContainers().isEmpty();
    }

    /** How the first container is connected to the others. */
    String network() {
        return "container:" + shared();
    }

    /** How they are, as far as they were started. */
    List<ContainerStatus> statuses() {
        return statuses;
    }

    /** Starts them; false once one of them will not be ready. */
    boolean start() {
        share();
        for (Container container : pod.getSpec().getInitContainers()) {
            if (!start(container)) {
                return false;
            }
        }
        return true;
    }

    private void share() {
        List<String> hosts = pod.getSpec().getHostAliases().stream()
                .flatMap(PodSidecars::entries)
                .toList();
        try (CreateContainerCmd command =
                engine.createContainerCmd(pod.getSpec().getContainers().get(0).getImage())) {
            command.withName(shared())
                    .withLabels(labels)
                    .withHostName(pod.getSpec().getHostname())
                    .withEntrypoint("sleep", "infinity")
                    .withHostConfig(HostConfig.newHostConfig().withExtraHosts(hosts.toArray(String[]::new)))
                    .exec();
        }
        engine.startContainerCmd(shared()).exec();
    }

    private static Stream<String> entries(HostAlias alias) {
        return alias.getHostnames().stream().map(host -> host + ":" + alias.getIp());
    }

    private boolean start(Container container) {
        try {
            engine.inspectImageCmd(container.getImage()).exec();
        } catch (NotFoundException e) {
            say(container, ContainerPod.missing(container).build(), new ContainerState());
            return false;
        }
        String id = name + "-" + container.getName();
        try (CreateContainerCmd command = engine.createContainerCmd(container.getImage())) {
            as(command, container).withName(id).exec();
        }
        engine.startContainerCmd(id).exec();
        if (ready(container, id)) {
            say(
                    container,
                    new ContainerStateBuilder()
                            .withNewRunning(ContainerPod.now())
                            .build(),
                    new ContainerState());
            return true;
        }
        say(
                container,
                new ContainerStateBuilder()
                        .withNewWaiting("back-off restarting failed container", "CrashLoopBackOff")
                        .build(),
                ended(id));
        return false;
    }

    private boolean ready(Container container, String id) {
        Probe probe = container.getStartupProbe();
        if (probe == null) {
            return true;
        }
        long giveUp = System.nanoTime() + probe.getPeriodSeconds() * probe.getFailureThreshold() * SECOND_NANOS;
        while (System.nanoTime() < giveUp) {
            if (!running(id)) {
                return false;
            }
            if (passes(probe, id)) {
                return true;
            }
            LockSupport.parkNanos(STEP_NANOS);
        }
        return false;
    }

    private boolean running(String id) {
        return Boolean.TRUE.equals(
                engine.inspectContainerCmd(id).exec().getState().getRunning());
    }

    private boolean passes(Probe probe, String id) {
        Duration patience = Duration.ofSeconds(probe.getTimeoutSeconds());
        try {
            if (probe.getExec() != null) {
                return succeeds(id, probe.getExec().getCommand(), patience);
            }
            String address = engine.inspectContainerCmd(shared())
                    .exec()
                    .getNetworkSettings()
                    .getNetworks()
                    .get("bridge")
                    .getIpAddress();
            return probe.getHttpGet() != null
                    ? answers(address, probe.getHttpGet(), patience)
                    : connects(address, probe.getTcpSocket().getPort().getIntVal());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private boolean succeeds(String id, List<String> command, Duration patience) throws InterruptedException {
        String execution = engine.execCreateCmd(id)
                .withCmd(command.toArray(String[]::new))
                .exec()
                .getId();
        boolean ended = engine.execStartCmd(execution)
                .exec(new ResultCallback.Adapter<Frame>())
                .awaitCompletion(patience.toMillis(), TimeUnit.MILLISECONDS);
        // The engine may not know yet how a command has ended whose streams it has just closed.
        return ended
                && Long.valueOf(0)
                        .equals(engine.inspectExecCmd(execution).exec().getExitCodeLong());
    }

    private static boolean connects(String address, int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(address, port), 1000);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static boolean answers(String address, HTTPGetAction get, Duration patience) throws InterruptedException {
        URI uri = URI.create("http://" + address + ":" + get.getPort().getIntVal() + get.getPath());
        try {
            return HTTP.send(
                                    HttpRequest.newBuilder(uri)
                                            .timeout(patience)
                                            .build(),
                                    HttpResponse.BodyHandlers.discarding())
                            .statusCode()
                    < 400;
        } catch (IOException e) {
            return false;
        }
    }

    private ContainerState ended(String id) {
        if (running(id)) {
            engine.stopContainerCmd(id).withTimeout(1).exec();
        }
        int code = Objects.requireNonNull(
                        engine.inspectContainerCmd(id).exec().getState().getExitCodeLong())
                .intValue();
        return new ContainerStateBuilder()
                .withNewTerminated()
                .withExitCode(code)
                .withReason("Error")
                .withMessage(lastWords(id))
                .withFinishedAt(ContainerPod.now())
                .endTerminated()
                .build();
    }

    private String lastWords(String id) {
        StringBuilder words = new StringBuilder();
        try {
            engine.logContainerCmd(id)
                    .withStdOut(true)
                    .withStdErr(true)
                    .withTail(LAST_LINES)
                    .exec(new ResultCallback.Adapter<Frame>() {
                        @Override
                        public void onNext(Frame frame) {
                            words.append(new String(frame.getPayload(), StandardCharsets.UTF_8));
                        }
                    })
                    .awaitCompletion();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return words.toString();
    }

    private CreateContainerCmd as(CreateContainerCmd command, Container container) {
        var security = container.getSecurityContext();
        var whole = pod.getSpec().getSecurityContext();
        if (!container.getCommand().isEmpty()) {
            command.withEntrypoint(container.getCommand());
        }
        return command.withLabels(labels)
                .withUser(whole.getRunAsUser() + ":" + whole.getRunAsGroup())
                .withEnv(container.getEnv().stream()
                        .map(variable -> variable.getName() + "=" + variable.getValue())
                        .toList())
                .withHostConfig(HostConfig.newHostConfig()
                        .withNetworkMode(network())
                        .withCapDrop(security.getCapabilities().getDrop().stream()
                                .map(Capability::valueOf)
                                .toArray(Capability[]::new))
                        .withSecurityOpts(List.of("no-new-privileges")));
    }

    private void say(Container container, ContainerState state, ContainerState last) {
        statuses.add(new ContainerStatusBuilder()
                .withName(container.getName())
                .withImage(container.getImage())
                .withImageID("")
                .withReady(state.getRunning() != null)
                .withStarted(state.getRunning() != null)
                .withRestartCount(last.getTerminated() == null ? 0 : 1)
                .withState(state)
                .withLastState(last)
                .build());
    }

    private String shared() {
        return name + "-shared";
    }
}
