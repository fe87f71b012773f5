package dev.flujo.stack;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A Cassandra node, alone or one of several, as a child process; its data survive a restart. */
public final class CassandraServer extends ListeningServer {

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final List<String> EXPORTS = List.of(
            "java.base/java.lang.ref",
            "java.base/jdk.internal.misc",
            "java.base/jdk.internal.ref",
            "java.base/jdk.internal.util",
            "java.base/sun.nio.ch",
            "java.management.rmi/com.sun.jmx.remote.internal.rmi",
            "java.rmi/sun.rmi.registry",
            "java.rmi/sun.rmi.server",
            "java.sql/java.sql");
    private static final List<String> OPENS = List.of(
            "java.base/java.io",
            "java.base/java.lang",
            "java.base/java.lang.module",
            "java.base/java.lang.reflect",
            "java.base/java.net",
            "java.base/java.nio",
            "java.base/java.util",
            "java.base/java.util.concurrent",
            "java.base/java.util.concurrent.atomic",
            "java.base/jdk.internal.loader",
            "java.base/jdk.internal.math",
            "java.base/jdk.internal.module",
            "java.base/jdk.internal.ref",
            "java.base/jdk.internal.reflect",
            "java.base/jdk.internal.util.jar",
            "java.base/sun.nio.ch",
            "jdk.compiler/com.sun.tools.javac.file",
            "jdk.management/com.sun.management.internal");

    private final Checkout checkout;
    private final Path directory;
    private final int storagePort;
    private final int firstStoragePort;

    /** A node that is alone. */
    public CassandraServer(Checkout checkout, Path directory, int port, int storagePort, ServerProcess process) {
        this(checkout, directory, port, storagePort, storagePort, process);
    }

    /**
     * A node of a cluster.
     *
     * @param firstStoragePort where the nodes talk to the first of them
     */
    public CassandraServer(
            Checkout checkout, Path directory, int port, int storagePort, int firstStoragePort, ServerProcess process) {
        super("Cassandra", port, PATIENCE, process);
        this.checkout = checkout;
        this.directory = directory;
        this.storagePort = storagePort;
        this.firstStoragePort = firstStoragePort;
    }

    public String contactPoint() {
        return "127.0.0.1:" + port();
    }

    /** The name of the node's data centre, which drivers must know. */
    public String datacenter() {
        return "datacenter1";
    }

    /** Starts the node without waiting for it. */
    @Override
    public void start() {
        try {
            Files.createDirectories(directory.resolve("tmp"));
            Path yaml = directory.resolve("cassandra.yaml");
            Files.writeString(
                    yaml,
                    resource("cassandra.yaml")
                            .replace("{directory}", directory.toString())
                            .replace("{port}", Integer.toString(port()))
                            .replace("{storage-port}", Integer.toString(storagePort))
                            .replace("{first-storage-port}", Integer.toString(firstStoragePort)));
            Path logback = directory.resolve("logback.xml");
            Files.writeString(logback, resource("cassandra-logback.xml"));
            process().start(new ServerProcess.Launch(command(yaml, logback), Map.of(), directory));
        } catch (IOException e) {
            throw new StackException(
                    "Expected to write Cassandra's files in " + directory + ", but " + e.getMessage(), e);
        }
    }

    private List<String> command(Path yaml, Path logback) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-Djdk.attach.allowAttachSelf=true");
        EXPORTS.forEach(name -> command.addAll(List.of("--add-exports", name + "=ALL-UNNAMED")));
        OPENS.forEach(name -> command.addAll(List.of("--add-opens", name + "=ALL-UNNAMED")));
        command.addAll(List.of(
                "-Xms512m",
                "-Xmx768m",
                "-XX:+UseG1GC",
                "-XX:MaxGCPauseMillis=50",
                "-XX:TieredStopAtLevel=1",
                "-XX:+ExitOnOutOfMemoryError",
                "-Xss256k",
                "-Dflujo.member=cassandra",
                "-Djava.io.tmpdir=" + directory.resolve("tmp"),
                "-Djna.nosys=true",
                "-Dlogback.configurationFile=" + logback.toUri(),
                "-Dcassandra.config=" + yaml.toUri(),
                "-Dcassandra.storagedir=" + directory,
                "-Dcassandra-foreground=true",
                "-Dcassandra.skip_wait_for_gossip_to_settle=0",
                "-Dcassandra.ring_delay_ms=0",
                "-Dcassandra.shutdown_announce_in_ms=0",
                "-Dcassandra.superuser_setup_delay_ms=0",
                "-cp",
                checkout.serverClassPath("cassandra-server"),
                "org.apache.cassandra.service.CassandraDaemon"));
        return command;
    }

    private static String resource(String name) throws IOException {
        try (InputStream in = CassandraServer.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IOException("the resource " + name + " is missing");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
