package dev.flujo.runner.executor.docker;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.command.InspectImageResponse;
import com.github.dockerjava.api.exception.ConflictException;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.exception.InternalServerErrorException;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.exception.NotModifiedException;
import com.github.dockerjava.api.model.Container;
import com.github.dockerjava.api.model.Frame;
import com.github.dockerjava.api.model.Network;
import com.github.dockerjava.api.model.VersionComponent;
import com.github.dockerjava.core.DefaultDockerClientConfig;
import com.github.dockerjava.core.DockerClientImpl;
import com.github.dockerjava.zerodep.ZerodepDockerHttpClient;
import dev.flujo.event.JobEvent.Image;
import dev.flujo.runner.executor.Execution;
import dev.flujo.runner.executor.container.Limits;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/** The container engine, as far as jobs need it. Every failure of it is an {@link IOException} that says what it refused. */
final class Engine implements AutoCloseable {

    /** The label that names the runner that a container or network belongs to. */
    static final String RUNNER = "dev.flujo.runner";

    /** The label with the mark of a container. */
    static final String MARK = "dev.flujo.mark";

    private static final Logger LOG = Logger.getLogger(Engine.class);
    private static final Duration CONNECT = Duration.ofSeconds(10);
    private static final long LONGEST_PULL_MINUTES = 30;
    private static final int LAST_LINES = 20;
    private static final int MOST_CONNECTIONS = 100;
    private static final int REMOVALS = 20;

    /** What Podman says of a container that is removed while it is looked up, not that it is not found. */
    private static final String GONE = "no such container";

    private static final Duration AGAIN = Duration.ofMillis(100);

    private final DockerClient client;

    Engine(String host) {
        var config = DefaultDockerClientConfig.createDefaultConfigBuilder()
                .withDockerHost(host)
                .build();
        this.client = DockerClientImpl.getInstance(
                config,
                new ZerodepDockerHttpClient.Builder()
                        .dockerHost(config.getDockerHost())
                        .maxConnections(MOST_CONNECTIONS)
                        .connectionTimeout(CONNECT)
                        .build());
    }

    /** Whether it is Podman, which neither keeps containers in one network apart nor changes what a container may take. */
    boolean podman() throws IOException {
        return call("say what it is", () -> {
            List<VersionComponent> parts = client.versionCmd().exec().getComponents();
            return parts != null
                    && parts.stream().anyMatch(part -> part.getName().startsWith("Podman"));
        });
    }

    /** What the name of an image stands for; none if it is not there. */
    Optional<ImageId> image(String name) throws IOException {
        return call("look up the image " + name, () -> {
            try {
                return Optional.of(id(name, client.inspectImageCmd(name).exec()));
            } catch (NotFoundException e) {
                return Optional.empty();
            }
        });
    }

    private static ImageId id(String name, InspectImageResponse found) {
        List<String> digests = found.getRepoDigests() == null ? List.of() : found.getRepoDigests();
        String digest = digests.stream()
                .map(text -> text.substring(text.indexOf('@') + 1))
                .findFirst()
                .orElse(found.getId());
        return new ImageId(new Image(name, digest), found.getId());
    }

    /** Fetches an image from its registry. */
    void pull(String name) throws IOException, InterruptedException {
        boolean latest = name.lastIndexOf(':') <= name.lastIndexOf('/') && !name.contains("@");
        try {
            boolean done = client.pullImageCmd(latest ? name + ":latest" : name)
                    .start()
                    .awaitCompletion(LONGEST_PULL_MINUTES, TimeUnit.MINUTES);
            if (!done) {
                throw new IOException("Expected the image " + name + " within " + LONGEST_PULL_MINUTES
                        + " minutes, but the registry has not given it");
            }
        } catch (DockerException e) {
            throw failure("pull the image " + name, e);
        }
    }

    /** Makes a job's container, and starts it. */
    void start(ContainerOrder order) throws IOException {
        call("make a container", () -> order.create(client));
        start(order.name(), order.image());
    }

    /** Makes a container that holds a place in a network, and starts it. */
    void start(HolderOrder order) throws IOException {
        call("make a container", () -> order.create(client));
        start(HolderOrder.name(order.mark()), order.kind().image());
    }

    /** Makes a service's container, and starts it. */
    void start(ServiceOrder order) throws IOException {
        call("make a service's container", () -> order.create(client));
        start(order.container(), order.image());
    }

    private void start(String container, String image) throws IOException {
        call("start a container of " + image, () -> client.startContainerCmd(container)
                .exec());
    }

    /** Changes how much of the machine a container gets. */
    void limit(String container, Limits limits) throws IOException {
        call("limit a container", () -> client.updateContainerCmd(container)
                .withMemory(limits.memory())
                .withMemorySwap(limits.memory())
                .withNanoCPUs(limits.nanoCpus())
                .exec());
    }

    /** Whether the container runs. */
    boolean runs(String container) throws IOException {
        return call("look up a container", () -> {
            try {
                return Boolean.TRUE.equals(
                        client.inspectContainerCmd(container).exec().getState().getRunning());
            } catch (NotFoundException e) {
                return false;
            } catch (InternalServerErrorException e) {
                if (e.getMessage().contains(GONE)) {
                    return false;
                }
                throw e;
            }
        });
    }

    /** Asks the container to end, and ends it after the patience. Returns when nothing of it runs. */
    void end(String container, Duration patience) throws IOException {
        int seconds = (int) Math.max(0, (patience.toMillis() + 999) / 1000);
        call("end a container", () -> {
            try {
                client.stopContainerCmd(container).withTimeout(seconds).exec();
            } catch (NotFoundException | NotModifiedException e) {
                LOG.tracef("%s had ended before it was told to", container);
            }
            return null;
        });
    }

    /** Ends and removes the containers with this mark, and the networks that are only theirs. */
    void remove(String mark) throws IOException {
        Map<String, String> label = Map.of(MARK, mark);
        call("remove containers", () -> {
            for (Container container : client.listContainersCmd()
                    .withShowAll(true)
                    .withLabelFilter(label)
                    .exec()) {
                removeContainer(container.getId());
            }
            for (Network network : client.listNetworksCmd()
                    .withFilter("label", List.of(MARK + "=" + mark))
                    .exec()) {
                client.removeNetworkCmd(network.getId()).exec();
            }
            return null;
        });
    }

    /** Of one that is just ending, Podman says that it cannot end it. */
    private void removeContainer(String id) {
        for (int attempt = 1; true; attempt++) {
            try {
                client.removeContainerCmd(id)
                        .withForce(true)
                        .withRemoveVolumes(true)
                        .exec();
                return;
            } catch (NotFoundException | ConflictException e) {
                LOG.tracef("%s was removed before", id);
                return;
            } catch (InternalServerErrorException e) {
                if (attempt == REMOVALS) {
                    throw e;
                }
                LOG.debugf("will try again to remove a container: %s", e.getMessage());
                LockSupport.parkNanos(AGAIN.toNanos());
            }
        }
    }

    /** The marks of all containers of a runner. */
    List<String> marks(String runner) throws IOException {
        List<Container> found = call("list containers", () -> client.listContainersCmd()
                .withShowAll(true)
                .withLabelFilter(Map.of(RUNNER, runner))
                .exec());
        return found.stream()
                .map(container -> container.getLabels().getOrDefault(MARK, ""))
                .distinct()
                .toList();
    }

    /** The marks of all jobs of a runner that have a network of their own. */
    List<String> networks(String runner) throws IOException {
        return call(
                "list networks",
                () -> client.listNetworksCmd().withFilter("label", List.of(RUNNER + "=" + runner)).exec().stream()
                        .map(network -> network.getLabels().getOrDefault(MARK, ""))
                        .filter(mark -> !mark.isEmpty())
                        .toList());
    }

    /** Sees that there is a network of this name whose containers reach everything but each other, or only the machine. */
    void network(String name, String runner, boolean internal) throws IOException {
        call("make a network", () -> {
            List<Network> known = client.listNetworksCmd().withNameFilter(name).exec();
            if (known.stream().noneMatch(network -> network.getName().equals(name))) {
                client.createNetworkCmd()
                        .withName(name)
                        .withCheckDuplicate(true)
                        .withInternal(internal)
                        .withLabels(Map.of(RUNNER, runner))
                        .withOptions(Map.of("com.docker.network.bridge.enable_icc", "false"))
                        .exec();
            }
            return null;
        });
    }

    /** Makes a network for the containers with a mark, who reach each other, and what is outside only if it is open. */
    void network(String name, String runner, String mark, boolean open) throws IOException {
        call("make a network", () -> client.createNetworkCmd()
                .withName(name)
                .withInternal(!open)
                .withLabels(Map.of(RUNNER, runner, MARK, mark))
                .exec());
    }

    /** The machine's own address in a network. */
    String gateway(String network) throws IOException {
        return call("look up a network", () -> client.inspectNetworkCmd()
                .withNetworkId(network)
                .exec()
                .getIpam()
                .getConfig()
                .get(0)
                .getGateway());
    }

    /** Where a container is reached in its network. */
    String address(String container, String network) throws IOException {
        return call("look up a container", () -> client.inspectContainerCmd(container)
                .exec()
                .getNetworkSettings()
                .getNetworks()
                .get(network)
                .getIpAddress());
    }

    /** The exit code of a shell's command in a container that runs. */
    int execute(String container, String command, Duration patience) throws IOException, InterruptedException {
        String id = call("execute in a container", () -> client.execCreateCmd(container)
                .withCmd("sh", "-c", command)
                .withAttachStdout(true)
                .exec()
                .getId());
        try (var done = client.execStartCmd(id).withDetach(false).exec(new ResultCallback.Adapter<Frame>())) {
            if (!done.awaitCompletion(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                return Execution.TOO_LONG;
            }
        } catch (DockerException e) {
            throw failure("execute in a container", e);
        }
        Long code = call(
                "look at what was executed",
                () -> client.inspectExecCmd(id).exec().getExitCodeLong());
        return code == null ? Execution.TOO_LONG : code.intValue();
    }

    /** The last lines that a container has printed. */
    String lastWords(String container) throws IOException, InterruptedException {
        StringBuilder words = new StringBuilder();
        try (var done = client.logContainerCmd(container)
                .withStdOut(true)
                .withStdErr(true)
                .withTail(LAST_LINES)
                .exec(new ResultCallback.Adapter<Frame>() {
                    @Override
                    public void onNext(Frame frame) {
                        words.append(new String(frame.getPayload(), StandardCharsets.UTF_8));
                    }
                })) {
            done.awaitCompletion(CONNECT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (DockerException e) {
            throw failure("show what a container printed", e);
        }
        return words.toString().strip();
    }

    /** Removes a network that no container is in any more. */
    void removeNetwork(String name) throws IOException {
        call("remove a network", () -> {
            try {
                client.removeNetworkCmd(name).exec();
            } catch (NotFoundException e) {
                LOG.tracef("the network %s was removed before", name);
            }
            return null;
        });
    }

    @Override
    public void close() throws IOException {
        client.close();
    }

    private static <T> T call(String what, Supplier<T> action) throws IOException {
        try {
            return action.get();
        } catch (DockerException e) {
            throw failure(what, e);
        } catch (RuntimeException e) {
            throw new IOException(
                    "Expected the container engine to " + what + ", but it is not reached: " + root(e).getMessage()
                            + "; see that it runs, and that flujo.runner.docker.host names its socket",
                    e);
        }
    }

    private static IOException failure(String what, DockerException refusal) {
        return new IOException(
                "Expected the container engine to " + what + ", but it refused: "
                        + refusal.getMessage().strip(),
                refusal);
    }

    private static Throwable root(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }
}
