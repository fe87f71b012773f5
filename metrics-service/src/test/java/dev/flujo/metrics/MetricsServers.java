package dev.flujo.metrics;

import dev.flujo.stack.TestServers;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Kafka, Cassandra and an internal token for the service under test. */
public final class MetricsServers implements QuarkusTestResourceLifecycleManager {

    static final String TOKEN = "token-of-the-tests";

    private Path tokenFile;

    @Override
    public Map<String, String> start() {
        TestServers servers = TestServers.shared();
        try {
            tokenFile = Files.writeString(Files.createTempFile("flujo-token", ".txt"), TOKEN + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Map.of(
                "kafka.bootstrap.servers", servers.kafka().bootstrapServers(),
                "quarkus.cassandra.contact-points", servers.cassandra().contactPoint(),
                "quarkus.cassandra.local-datacenter", servers.cassandra().datacenter(),
                "flujo.internal.token-file", tokenFile.toString(),
                "flujo.metrics.refresh", "1s");
    }

    @Override
    public void stop() {
        try {
            Files.deleteIfExists(tokenFile);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
