package dev.flujo.stack;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/**
 * A Kafka broker and a Cassandra node for the tests of one Java process: started when first asked for, on free ports and
 * empty data, ended with the process. From containers or embedded, as {@link ServerChoice} finds.
 */
public final class TestServers implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger(TestServers.class.getName());
    private static final Object GUARD = new Object();
    private static TestServers shared;

    private final Path directory;
    private final TestBroker kafka;
    private final TestDatabase cassandra;

    private TestServers(Path directory, TestBroker kafka, TestDatabase cassandra) {
        this.directory = directory;
        this.kafka = kafka;
        this.cassandra = cassandra;
    }

    /** The servers that the tests of this process share, as far as one class loader has loaded them. */
    public static TestServers shared() {
        synchronized (GUARD) {
            if (shared == null) {
                TestServers servers = open();
                Runtime.getRuntime().addShutdownHook(new Thread(TestServers::endShared, "end-test-servers"));
                shared = servers;
            }
            return shared;
        }
    }

    /** Ends the shared servers before the process ends; whoever asks for them afterwards gets others. */
    public static void endShared() {
        synchronized (GUARD) {
            if (shared != null) {
                shared.close();
                shared = null;
            }
        }
    }

    /** Servers of one's own, to be closed by the caller. */
    public static TestServers open() {
        ServerChoice.Images images = ServerChoice.Images.configured();
        ServerChoice choice = ServerChoice.make(images);
        LOG.log(System.Logger.Level.INFO, choice.line());
        return started(choice.containers() ? inContainers(images) : embedded());
    }

    /** Servers of one's own, from containers. */
    static TestServers inContainers(ServerChoice.Images images) {
        return new TestServers(temporary(), ContainerServers.kafka(images), ContainerServers.cassandra(images));
    }

    /** Servers of one's own, embedded. */
    static TestServers embedded() {
        Path directory = temporary();
        Path run = directory.resolve("run");
        Path logs = directory.resolve("logs");
        Checkout checkout = Checkout.find();
        KafkaServer kafka = new KafkaServer(
                checkout,
                directory.resolve("kafka"),
                Await.freePort(),
                Await.freePort(),
                new ServerProcess("kafka", run, logs));
        CassandraServer cassandra = new CassandraServer(
                checkout,
                directory.resolve("cassandra"),
                Await.freePort(),
                Await.freePort(),
                new ServerProcess("cassandra", run, logs));
        return new TestServers(
                directory,
                new TestBroker(kafka, kafka.bootstrapServers()),
                new TestDatabase(cassandra, cassandra.contactPoint(), cassandra.datacenter()));
    }

    static TestServers started(TestServers servers) {
        servers.cassandra.server().start();
        servers.kafka.server().start();
        servers.kafka.server().awaitReady();
        servers.cassandra.server().awaitReady();
        return servers;
    }

    public TestBroker kafka() {
        return kafka;
    }

    public TestDatabase cassandra() {
        return cassandra;
    }

    @Override
    public void close() {
        kafka.server().discard();
        cassandra.server().discard();
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
