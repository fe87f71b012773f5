package dev.flujo.runner.executor.docker;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.InspectImageResponse;
import com.github.dockerjava.api.exception.ConflictException;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.exception.NotModifiedException;
import com.github.dockerjava.api.model.Container;
import com.github.dockerjava.api.model.Network;
import com.github.dockerjava.core.DefaultDockerClientConfig;
import com.github.dockerjava.core.DockerClientImpl;
import com.github.dockerjava.zerodep.ZerodepDockerHttpClient;
import dev.flujo.event.JobEvent.Image;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
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
    private static final int MOST_CONNECTIONS = 100;

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

    /** Whether anybody answers. */
    void ping() throws IOException {
        call("answer", () -> client.pingCmd().exec());
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

    /** Makes a container, and starts it. */
    void start(ContainerOrder order) throws IOException {
        call("make a container", () -> order.create(client));
        call("start a container of " + order.image(), () -> client.startContainerCmd(order.name())
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

    /** Ends a container if it runs, and removes all that it has. */
    void remove(String container) throws IOException {
        call("remove a container", () -> {
            try {
                client.removeContainerCmd(container)
                        .withForce(true)
                        .withRemoveVolumes(true)
                        .exec();
            } catch (NotFoundException | ConflictException e) {
                LOG.tracef("%s was removed before", container);
            }
            return null;
        });
    }

    /** The marks of all containers of a runner. */
    List<String> marks(String runner) throws IOException {
        List<Container> found = call("list containers", () -> client.listContainersCmd()
                .withShowAll(true)
                .withLabelFilter(Map.of(RUNNER, runner))
                .exec());
        return found.stream()
                .map(container -> container.getLabels().getOrDefault(MARK, ""))
                .toList();
    }

    /** Sees that there is a network of this name whose containers reach everything but each other. */
    void network(String name, String runner) throws IOException {
        call("make a network", () -> {
            List<Network> known = client.listNetworksCmd().withNameFilter(name).exec();
            if (known.stream().noneMatch(network -> network.getName().equals(name))) {
                client.createNetworkCmd()
                        .withName(name)
                        .withCheckDuplicate(true)
                        .withLabels(Map.of(RUNNER, runner))
                        .withOptions(Map.of("com.docker.network.bridge.enable_icc", "false"))
                        .exec();
            }
            return null;
        });
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
