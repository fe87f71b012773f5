package dev.flujo.stack;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Kafka and Cassandra from the official images, or from others that take the same variables. */
final class ContainerServers {

    private static final int CQL = 9042;
    private static final int CONTROLLER = 9093;

    private ContainerServers() {}

    /** A broker of one node (KRaft), with the properties of the embedded one. */
    static TestBroker kafka(ServerChoice.Images images) {
        int port = Await.freePort();
        Map<String, String> properties = new TreeMap<>(KafkaServer.PROPERTIES);
        properties.putAll(new KafkaServer.Seat(1, List.of(CONTROLLER)).properties());
        properties.put("listeners", "PLAINTEXT://:" + port + ",CONTROLLER://127.0.0.1:" + CONTROLLER);
        properties.put("advertised.listeners", "PLAINTEXT://127.0.0.1:" + port);
        properties.put("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT");
        properties.put("log.dirs", "/var/lib/kafka/data");
        Map<String, String> environment = new TreeMap<>(Map.of("KAFKA_HEAP_OPTS", "-Xms256m -Xmx512m"));
        properties.forEach((name, value) ->
                environment.put("KAFKA_" + name.replace('.', '_').toUpperCase(Locale.ROOT), value));
        ContainerServer server = new ContainerServer(images.kafka(), images.pull(), port, port, environment);
        return new TestBroker(server, "127.0.0.1:" + port);
    }

    static TestDatabase cassandra(ServerChoice.Images images) {
        int port = Await.freePort();
        Map<String, String> environment = Map.of(
                "CASSANDRA_CLUSTER_NAME",
                "flujo",
                "MAX_HEAP_SIZE",
                "768M",
                "JVM_EXTRA_OPTS",
                "-Dcassandra.skip_wait_for_gossip_to_settle=0 -Dcassandra.superuser_setup_delay_ms=0");
        ContainerServer server = new ContainerServer(images.cassandra(), images.pull(), port, CQL, environment);
        return new TestDatabase(server, "127.0.0.1:" + port, "datacenter1");
    }
}
