package dev.flujo.stack;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waiting for a condition, and what one waits for: ports. */
public final class Await {

    private static final Duration STEP = Duration.ofMillis(50);
    private static final int FIRST_PORT = 20_000;
    private static final int LAST_PORT = 32_000;
    private static final int PORT_ATTEMPTS = 1_000;
    private static final Queue<DatagramSocket> CLAIMS = new ConcurrentLinkedQueue<>();

    private Await() {}

    /** Waits until the condition holds; false if the patience ends first. */
    public static boolean until(Duration patience, BooleanSupplier condition) {
        long end = System.nanoTime() + patience.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end || Thread.currentThread().isInterrupted()) {
                return false;
            }
            LockSupport.parkNanos(STEP.toNanos());
        }
        return true;
    }

    /** Whether something on this machine accepts connections at the port. */
    public static boolean listening(int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 500);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /**
     * A port that is free now, given out once by this process and by no other one like it as long as this one lives. It lies below
     * those that systems choose for outgoing connections, so that none of these takes it before it is listened at, or while who
     * listens there starts again.
     */
    public static int freePort() {
        for (int attempt = 0; attempt < PORT_ATTEMPTS; attempt++) {
            int port = ThreadLocalRandom.current().nextInt(FIRST_PORT, LAST_PORT + 1);
            Optional<DatagramSocket> claim = claim(port);
            if (claim.isPresent()) {
                if (free(port)) {
                    CLAIMS.add(claim.get());
                    return port;
                }
                claim.get().close();
            }
        }
        throw new StackException("Expected a free port from " + FIRST_PORT + " to " + LAST_PORT + ", but found none in "
                + PORT_ATTEMPTS + " attempts; end what listens there");
    }

    /** Who has the port of UDP has the one of TCP: nothing here speaks UDP, and the system gives it back at the process' end. */
    private static Optional<DatagramSocket> claim(int port) {
        try {
            return Optional.of(new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), port)));
        } catch (SocketException e) {
            return Optional.empty();
        }
    }

    private static boolean free(int port) {
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return socket.isBound();
        } catch (IOException e) {
            return false;
        }
    }
}
