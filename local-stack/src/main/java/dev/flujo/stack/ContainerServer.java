package dev.flujo.stack;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.AbstractWaitStrategy;
import org.testcontainers.utility.DockerImageName;

/** A server in a container, at a port of this machine that it keeps when it is killed and started again. */
final class ContainerServer implements TestServer {

    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private final GenericContainer<?> container;
    private final int innerPort;

    /**
     * @param port where clients on this machine reach it
     * @param innerPort where it listens in its container
     */
    ContainerServer(String image, boolean pull, int port, int innerPort, Map<String, String> environment) {
        this.innerPort = innerPort;
        this.container = new GenericContainer<>(DockerImageName.parse(image));
        container.withImagePullPolicy(asked -> pull);
        container.withEnv(environment);
        container.setPortBindings(List.of("127.0.0.1:" + port + ":" + innerPort));
        container.waitingFor(new AbstractWaitStrategy() {
            @Override
            protected void waitUntilReady() {
                // Whoever starts several servers waits for all of them afterwards.
            }
        });
    }

    @Override
    public void start() {
        if (container.getContainerId() == null) {
            container.start();
        } else {
            container
                    .getDockerClient()
                    .startContainerCmd(container.getContainerId())
                    .exec();
        }
    }

    /** Asked from inside: the engine's own proxy answers at the outer port as soon as the container is there. */
    @Override
    public void awaitReady() {
        if (!Await.until(PATIENCE, () -> listens() || !alive()) || !alive()) {
            throw new StackException("Expected " + container.getDockerImageName() + " to listen at port " + innerPort
                    + " within " + PATIENCE.toSeconds() + " s, but it does not; it says:\n" + container.getLogs());
        }
    }

    @Override
    public void kill() {
        container.getDockerClient().killContainerCmd(container.getContainerId()).exec();
        if (!Await.until(PATIENCE, () -> !alive())) {
            throw new StackException("Expected a container to end when killed, but it did not");
        }
    }

    @Override
    public boolean alive() {
        return container.isRunning();
    }

    @Override
    public void discard() {
        container.stop();
    }

    private boolean listens() {
        try {
            return alive()
                    && container
                                    .execInContainer("bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/" + innerPort)
                                    .getExitCode()
                            == 0;
        } catch (IOException | IllegalStateException e) {
            throw new StackException("Expected to ask a container whether it listens, but " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StackException("Expected to ask a container whether it listens, but was interrupted", e);
        }
    }
}
