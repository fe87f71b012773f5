package dev.flujo.deploy;

import dev.flujo.stack.Await;
import dev.flujo.stack.TestServers;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Kafka, Cassandra, an internal token and a directory for the service under test. */
public final class DeployServers implements QuarkusTestResourceLifecycleManager {

    static final String TOKEN = "token-of-the-tests";

    private Path directory;

    @Override
    public Map<String, String> start() {
        try {
            directory = Files.createTempDirectory("flujo-deploy");
            return configuration(directory, TestServers.shared(), Await.freePort());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void stop() {
        Leftovers.end(directory);
    }

    /** How a service is configured to work with the servers in a directory of its own. */
    static Map<String, String> configuration(Path directory, TestServers servers, int firstPort) throws IOException {
        Path token = Files.writeString(directory.resolve("internal-token"), TOKEN + "\n");
        return Map.of(
                "kafka.bootstrap.servers", servers.kafka().bootstrapServers(),
                "quarkus.cassandra.contact-points", servers.cassandra().contactPoint(),
                "quarkus.cassandra.local-datacenter", servers.cassandra().datacenter(),
                "flujo.internal.token-file", token.toString(),
                "flujo.blobs.directory", directory.resolve("blobs").toString(),
                "flujo.deploy.directory", directory.resolve("deploy").toString(),
                "flujo.deploy.heartbeat", "1s",
                "flujo.deploy.drain", "1s",
                "flujo.deploy.proxy.ports", Integer.toString(firstPort));
    }
}
