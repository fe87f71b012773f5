package dev.flujo.deploy.target.kubernetes;

import dev.flujo.stack.Await;
import dev.flujo.stack.kubernetes.FakeNode;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerStateBuilder;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.ContainerStatusBuilder;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.PodConditionBuilder;
import io.fabric8.kubernetes.api.model.PodStatusBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One pod of the {@link FakeKubelet}. The last word of its image's path says what becomes of it: {@code well} (ready at
 * once), {@code slow} (ready when the test says so), {@code crash} (ends again and again), {@code missing} (there is no
 * such image), {@code process} (its command is executed on this machine, with the port in {@code PORT}).
 */
final class FakePod implements FakeNode.NodePod {

    private static final AtomicInteger ADDRESSES = new AtomicInteger();
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final Duration DRAIN = Duration.ofMillis(1500);

    private final KubernetesClient admin;
    private final Pod pod;
    private final Container container;
    private final int port = Await.freePort();
    private final String address;
    private final AtomicBoolean begun = new AtomicBoolean();
    private final AtomicBoolean ending = new AtomicBoolean();
    private volatile boolean reported;
    private volatile Optional<Process> process = Optional.empty();
    private volatile String output = "begins with a pod\nno database\n";
    private volatile Optional<Path> file = Optional.empty();

    FakePod(Pod pod, KubernetesClient admin) {
        this.pod = pod;
        this.admin = admin;
        this.container = pod.getSpec().getContainers().get(0);
        int number = ADDRESSES.incrementAndGet();
        this.address = "10.200." + number / 250 + "." + (number % 250 + 1);
    }

    String namespace() {
        return pod.getMetadata().getNamespace();
    }

    String name() {
        return pod.getMetadata().getName();
    }

    String address() {
        return address;
    }

    /** Where the process of the pod listens on this machine. */
    int port() {
        return port;
    }

    /** What it has printed. */
    String output() {
        try {
            return file.isPresent() ? Files.readString(file.get()) : output;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void begin() {
        if (!begun.compareAndSet(false, true)) {
            return;
        }
        switch (like()) {
            case "well" -> report(running(true));
            case "slow" -> {
                report(running(false));
                reported = true;
            }
            case "missing" ->
                report(waiting("ImagePullBackOff", "Back-off pulling image \"" + container.getImage() + "\"", 0));
            case "crash" -> report(crashed(3));
            case "process" -> execute();
            default -> throw new AssertionError("Expected to know what becomes of image " + container.getImage());
        }
    }

    void makeReady() {
        if (like().equals("slow") && begun.get()) {
            report(running(true));
        }
    }

    void crash() {
        if (like().equals("slow") && begun.get()) {
            report(crashed(3));
        }
    }

    boolean hasBegun() {
        return reported;
    }

    /** Lets the process answer what it has begun, as a kubelet does after the endpoint is gone. */
    @Override
    public void end(Pod deleted) {
        ending.set(true);
        if (process.isPresent()) {
            Await.until(DRAIN, () -> false);
        }
        kill();
    }

    @Override
    public void kill() {
        ending.set(true);
        process.ifPresent(running -> {
            running.descendants().forEach(ProcessHandle::destroyForcibly);
            running.destroyForcibly();
        });
    }

    private String like() {
        String path = container.getImage().split("[@:]", -1)[0];
        return path.substring(path.lastIndexOf('/') + 1);
    }

    private void execute() {
        try {
            Path log = Files.createTempFile("flujo-fake-pod", ".log");
            log.toFile().deleteOnExit();
            file = Optional.of(log);
            List<String> command = new ArrayList<>(container.getCommand());
            command.addAll(container.getArgs());
            ProcessBuilder builder =
                    new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
            for (EnvVar variable : container.getEnv()) {
                builder.environment().put(variable.getName(), variable.getValue());
            }
            builder.environment().put("PORT", Integer.toString(port));
            Process started = builder.start();
            process = Optional.of(started);
            if (ending.get()) {
                kill();
            }
            report(running(false));
            boolean settled = Await.until(PATIENCE, () -> !started.isAlive() || ending.get() || probe());
            if (!started.isAlive() && !ending.get()) {
                report(crashed(started.exitValue()));
            } else if (settled && !ending.get()) {
                report(running(true));
            }
        } catch (IOException e) {
            output = e.getMessage() + "\n";
            file = Optional.empty();
            report(crashed(127));
        }
    }

    private boolean probe() {
        try {
            String path = container.getReadinessProbe().getHttpGet().getPath();
            HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                    .timeout(Duration.ofSeconds(1))
                    .build();
            return HttpClient.newHttpClient()
                            .send(request, HttpResponse.BodyHandlers.discarding())
                            .statusCode()
                    == 200;
        } catch (IOException notYet) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private ContainerStatus running(boolean ready) {
        return status(0)
                .withReady(ready)
                .withState(new ContainerStateBuilder()
                        .withNewRunning(Instant.now().toString())
                        .build())
                .build();
    }

    private ContainerStatus crashed(int code) {
        return status(1)
                .withReady(false)
                .withState(new ContainerStateBuilder()
                        .withNewWaiting("back-off 10s restarting failed container", "CrashLoopBackOff")
                        .build())
                .withLastState(new ContainerStateBuilder()
                        .withNewTerminated()
                        .withExitCode(code)
                        .withReason("Error")
                        .endTerminated()
                        .build())
                .build();
    }

    private ContainerStatus waiting(String reason, String message, int restarts) {
        return status(restarts)
                .withReady(false)
                .withState(new ContainerStateBuilder()
                        .withNewWaiting(message, reason)
                        .build())
                .build();
    }

    private ContainerStatusBuilder status(int restarts) {
        return new ContainerStatusBuilder()
                .withName(container.getName())
                .withImage(container.getImage())
                .withImageID(container.getImage())
                .withRestartCount(restarts);
    }

    private void report(ContainerStatus status) {
        String ready = status.getReady() ? "True" : "False";
        patch(
                List.of(
                        condition("PodScheduled", "True"),
                        condition("ContainersReady", ready),
                        condition("Ready", ready)),
                List.of(status),
                status.getState().getWaiting() == null ? "Running" : "Pending");
    }

    private static PodCondition condition(String type, String status) {
        return new PodConditionBuilder()
                .withType(type)
                .withStatus(status)
                .withLastTransitionTime(Instant.now().toString())
                .build();
    }

    private void patch(List<PodCondition> conditions, List<ContainerStatus> containers, String phase) {
        FakeNode.report(
                admin,
                pod,
                new PodStatusBuilder()
                        .withPhase(phase)
                        .withPodIP(begun.get() ? address : null)
                        .withConditions(conditions)
                        .withContainerStatuses(containers)
                        .build());
    }
}
