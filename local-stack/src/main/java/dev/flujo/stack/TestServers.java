package dev.flujo.stack;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.stream.Stream;

/**
 * A Kafka broker and a Cassandra node for the tests of one Java process: started when first asked for, on free ports and
 * empty data, ended with the process.
 */
public final class TestServers implements AutoCloseable {

    private static final Object GUARD = new Object();
    private static TestServers shared;

    private final Path directory;
    private final KafkaServer kafka;
    private final CassandraServer cassandra;

    private TestServers(Path directory) {
        Checkout checkout = Checkout.find();
        Path run = directory.resolve("run");
        Path logs = directory.resolve("logs");
        this.directory = directory;
        this.kafka = new KafkaServer(
                checkout,
                directory.resolve("kafka"),
                Await.freePort(),
                Await.freePort(),
                new ServerProcess("kafka", run, logs));
        this.cassandra = new CassandraServer(
                checkout,
                directory.resolve("cassandra"),
                Await.freePort(),
                Await.freePort(),
                new ServerProcess("cassandra", run, logs));
    }

    /** The servers that all tests of this process share. */
    public static TestServers shared() {
        synchronized (GUARD) {
            if (shared == null) {
                TestServers servers = open();
                Runtime.getRuntime().addShutdownHook(new Thread(servers::close, "end-test-servers"));
                shared = servers;
            }
            return shared;
        }
    }

    /** Servers of one's own, to be closed by the caller. */
    public static TestServers open() {
        TestServers servers = new TestServers(temporary());
        servers.cassandra.start();
        servers.kafka.start();
        servers.kafka.awaitReady();
        servers.cassandra.awaitReady();
        return servers;
    }

    public KafkaServer kafka() {
        return kafka;
    }

    public CassandraServer cassandra() {
        return cassandra;
    }

    @Override
    public void close() {
        kafka.process().stop(Duration.ZERO);
        cassandra.process().stop(Duration.ZERO);
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new StackException("Expected to delete " + directory + ", but " + e.getMessage(), e);
        }
    }

    private static Path temporary() {
        try {
            return Files.createTempDirectory("flujo-test-servers");
        } catch (IOException e) {
            throw new StackException("Expected a temporary directory, but " + e.getMessage(), e);
        }
    }
}
