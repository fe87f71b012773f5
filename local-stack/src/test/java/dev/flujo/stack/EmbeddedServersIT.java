package dev.flujo.stack;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class EmbeddedServersIT {

    @Test
    void kafkaAndCassandraListenUntilTheyAreClosed() {
        TestServers servers = TestServers.open();
        int kafkaPort = port(servers.kafka().bootstrapServers());
        int cassandraPort = port(servers.cassandra().contactPoint());

        assertTrue(Await.listening(kafkaPort));
        assertTrue(Await.listening(cassandraPort));

        servers.close();

        assertTrue(Await.until(
                Duration.ofSeconds(10), () -> !Await.listening(kafkaPort) && !Await.listening(cassandraPort)));
        assertFalse(servers.kafka().process().alive());
    }

    @Test
    void aKilledBrokerComesBackOnItsData() {
        try (TestServers servers = TestServers.open()) {
            servers.kafka().process().kill();
            assertFalse(servers.kafka().process().alive());

            servers.kafka().start();
            servers.kafka().awaitReady();

            assertTrue(servers.kafka().process().alive());
        }
    }

    private static int port(String address) {
        return Integer.parseInt(address.substring(address.indexOf(':') + 1));
    }
}
