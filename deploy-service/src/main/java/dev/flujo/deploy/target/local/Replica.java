package dev.flujo.deploy.target.local;

import dev.flujo.kit.process.MarkedProcesses;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Optional;

/** One of the processes that a release's command runs in, with a port of its own. */
record Replica(String deployment, int number, ProcessDirectory directory) {

    /** The variable that names the replica to all of its processes. */
    static final String MARK = "FLUJO_REPLICA";

    private static final String PORT = "port";
    private static final String READY = "ready";
    private static final String CONFIG = "config";
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    String name() {
        return deployment + "/" + number;
    }

    /** Its port, which it keeps. */
    int port() throws IOException {
        return Integer.parseInt(directory.facts().settled(PORT, Integer.toString(freePort())));
    }

    /** Whether its health check has passed since it was started. */
    boolean wasReady() throws IOException {
        return directory.facts().fact(READY).isPresent();
    }

    void noteReady() throws IOException {
        directory.facts().settled(READY, "yes");
    }

    /** The settings and secrets that it was started with, if it was given any. */
    Optional<String> config() throws IOException {
        return directory.facts().fact(CONFIG);
    }

    void noteConfig(String mark) throws IOException {
        directory.facts().replace(CONFIG, mark);
    }

    /** Ends every process of the replica, wherever it has gone, and forgets that it was started. */
    void end() throws IOException {
        new MarkedProcesses(MARK, name()).end(PATIENCE);
        directory.forgetProcess();
        directory.facts().forget(READY);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
