package dev.flujo.pipeline;

import dev.flujo.stack.TestServers;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;

/** Kafka, Cassandra, secrets and directories for the service under test. */
public final class PipelineServers implements QuarkusTestResourceLifecycleManager {

    /** The first administrator's token. */
    public static final String ADMIN = "bootstrap-token-of-the-tests";

    /** The secret with which forges sign. */
    public static final String WEBHOOK_SECRET = "secret-of-the-tests";

    /** The key with which GitLab signs. */
    public static final String SIGNING_KEY = "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=";

    /** What signs where artifacts come from: made for these tests, and used nowhere else. */
    public static final String PROVENANCE_KEY =
            """
            -----BEGIN PRIVATE KEY-----
            MC4CAQAwBQYDK2VwBCIEIBb1Y4OE1auYHE7FsPFlBQaQXNGE5w9nwwvieKVJFC9i
            -----END PRIVATE KEY-----
            """;

    private Path directory;

    @Override
    public Map<String, String> start() {
        TestServers servers = TestServers.shared();
        try {
            directory = Files.createTempDirectory("flujo-pipeline");
            Map<String, String> settings = new HashMap<>(Map.of(
                    "kafka.bootstrap.servers", servers.kafka().bootstrapServers(),
                    "quarkus.cassandra.contact-points", servers.cassandra().contactPoint(),
                    "quarkus.cassandra.local-datacenter", servers.cassandra().datacenter(),
                    "flujo.bootstrap.token-file", file("bootstrap-token", ADMIN),
                    "flujo.webhook.secret-file",
                            file("webhook-secret", "an older one\n" + WEBHOOK_SECRET + "\n" + SIGNING_KEY),
                    "flujo.internal.token-file", file("internal-token", "internal-token-of-the-tests"),
                    // Nobody is there, whatever else runs on this machine.
                    "flujo.deploy-service.url", "http://127.0.0.1:1",
                    "flujo.metrics-service.url", "http://127.0.0.1:1",
                    "flujo.blobs.directory", directory.resolve("blobs").toString(),
                    "flujo.orchestrator.state-directory",
                            directory.resolve("orchestrator").toString()));
            settings.put("flujo.forges.github.people", "bob");
            settings.put("flujo.provenance.key-file", file("provenance-key", PROVENANCE_KEY));
            return settings;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Those who come next have a class loader of their own, and other servers. */
    @Override
    public void stop() {
        TestServers.endShared();
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String file(String name, String secret) throws IOException {
        return Files.writeString(directory.resolve(name), secret + "\n").toString();
    }
}
