package dev.flujo.stack;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

class TestServersIT {

    @Test
    void embeddedServersListenUntilTheyAreClosed() {
        listenUntilTheyAreClosed(TestServers.started(TestServers.embedded()));
    }

    @Test
    void serversInContainersListenUntilTheyAreClosed() {
        listenUntilTheyAreClosed(inContainers());
    }

    @Test
    void aKilledEmbeddedBrokerComesBackOnItsData() {
        try (TestServers servers = TestServers.started(TestServers.embedded())) {
            comesBack(servers.kafka().server());
        }
    }

    @Test
    void killedContainersComeBackOnTheirData() {
        try (TestServers servers = inContainers()) {
            comesBack(servers.kafka().server());
            comesBack(servers.cassandra().server());
        }
    }

    private static void listenUntilTheyAreClosed(TestServers servers) {
        int kafkaPort = port(servers.kafka().bootstrapServers());
        int cassandraPort = port(servers.cassandra().contactPoint());

        assertTrue(Await.listening(kafkaPort));
        assertTrue(Await.listening(cassandraPort));

        servers.close();

        assertTrue(Await.until(
                Duration.ofSeconds(10), () -> !Await.listening(kafkaPort) && !Await.listening(cassandraPort)));
        assertFalse(servers.kafka().server().alive());
    }

    private static void comesBack(TestServer server) {
        server.kill();
        assertFalse(server.alive());

        server.start();
        server.awaitReady();

        assertTrue(server.alive());
    }

    private static TestServers inContainers() {
        ServerChoice.Images images = ServerChoice.Images.configured();
        ServerChoice choice = ServerChoice.make(images);
        if (!choice.containers()) {
            String line = "Expected a container engine and images of Kafka and Cassandra, but " + choice.reason()
                    + "; docs/operations.md says how to get them.";
            assertFalse(Boolean.getBoolean("flujo.everything"), line);
            System.out.println("Skipped: " + line);
            Assumptions.abort(line);
        }
        return TestServers.started(TestServers.inContainers(images));
    }

    private static int port(String address) {
        return Integer.parseInt(address.substring(address.indexOf(':') + 1));
    }
}
