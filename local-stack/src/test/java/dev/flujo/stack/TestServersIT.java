package dev.flujo.stack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The servers of tests, each test with its own. */
@Execution(ExecutionMode.CONCURRENT)
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

    @Test
    void whatAnEmbeddedCassandraHasAcknowledgedOutlivesAKill() {
        int rows = 500;
        try (TestServers servers = TestServers.started(TestServers.embedded())) {
            TestServer node = servers.cassandra().server();
            try (CqlSession session = session(servers.cassandra())) {
                session.execute("CREATE KEYSPACE kept WITH replication = {'class': 'SimpleStrategy',"
                        + " 'replication_factor': 1}");
                session.execute("CREATE TABLE kept.row (number int PRIMARY KEY)");
                PreparedStatement insert = session.prepare("INSERT INTO kept.row (number) VALUES (?)");
                for (int number = 0; number < rows; number++) {
                    session.execute(insert.bind(number));
                }
                node.kill();
            }

            node.start();
            node.awaitReady();

            try (CqlSession session = session(servers.cassandra())) {
                assertEquals(
                        rows,
                        session.execute("SELECT number FROM kept.row").all().size());
            }
        }
    }

    private static CqlSession session(TestDatabase cassandra) {
        return CqlSession.builder()
                .addContactPoint(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), port(cassandra.contactPoint())))
                .withLocalDatacenter(cassandra.datacenter())
                .build();
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
