package dev.flujo.deploy.target.local;

import dev.flujo.deploy.DeployConfig;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.jboss.logging.Logger;

/** Gives each door an address, which it keeps: the first port from the configured one on that nobody has. */
final class Doors {

    private static final Logger LOG = Logger.getLogger(Doors.class);
    private static final int LAST_PORT = 65_535;
    private static final Duration PATIENCE = Duration.ofSeconds(15);
    private static final Duration STEP = Duration.ofMillis(20);

    private final Path root;
    private final DeployConfig.Proxy proxy;

    Doors(Path root, DeployConfig.Proxy proxy) {
        this.root = root;
        this.proxy = proxy;
    }

    /** Lets the proxy listen for a door, and says where. */
    synchronized String open(Door door) throws IOException {
        Optional<Integer> known = door.port();
        if (known.isPresent()) {
            return address(known.get());
        }
        Set<Integer> taken = new HashSet<>();
        for (EnvironmentDirectory environment : EnvironmentDirectory.all(root)) {
            for (Door other : environment.doors()) {
                other.port().ifPresent(taken::add);
            }
        }
        int port = proxy.ports();
        while (taken.contains(port) || !free(port)) {
            port++;
            if (port > LAST_PORT) {
                throw new IOException(
                        "Expected a free port from " + proxy.ports() + " on for the environment, but there is none");
            }
        }
        door.port(port);
        return address(port);
    }

    /** The same, once users are let in there: the proxy looks for new doors from time to time, and may be starting itself. */
    String reachable(Door door) throws IOException {
        String address = open(door);
        int port = door.port().orElseThrow();
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!takesConnections(port)) {
            if (System.nanoTime() > end) {
                throw new IOException("Expected the proxy to listen at " + address + " within " + PATIENCE.toSeconds()
                        + " s, but it does not; its log says why");
            }
            LockSupport.parkNanos(STEP.toNanos());
        }
        return address;
    }

    /** Lets the proxy listen there no more, and returns when it does not: the port is free again. */
    void close(Door door) throws IOException {
        Optional<Integer> port = door.port();
        if (port.isEmpty()) {
            return;
        }
        door.close();
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (takesConnections(port.get()) && System.nanoTime() < end) {
            LockSupport.parkNanos(STEP.toNanos());
        }
    }

    private boolean takesConnections(int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(proxy.host(), port), (int) STEP.toMillis() * 10);
            return true;
        } catch (IOException e) {
            LOG.debugf("port %d takes no connections yet: %s", port, e.getMessage());
            return false;
        }
    }

    private String address(int port) {
        return "http://" + proxy.publicHost().orElse(proxy.host()) + ":" + port;
    }

    private boolean free(int port) throws IOException {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(proxy.host(), port));
            return true;
        } catch (BindException e) {
            LOG.debugf("port %d is taken: %s", port, e.getMessage());
            return false;
        }
    }
}
