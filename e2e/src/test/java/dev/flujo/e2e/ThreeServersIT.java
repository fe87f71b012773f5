package dev.flujo.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.flujo.stack.Await;
import dev.flujo.stack.CassandraServer;
import dev.flujo.stack.Checkout;
import dev.flujo.stack.KafkaServer;
import dev.flujo.stack.ListeningServer;
import dev.flujo.stack.LocalStack;
import dev.flujo.stack.Ports;
import dev.flujo.stack.ServerProcess;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three brokers and three nodes of Cassandra, as in production: one of each may die unnoticed, two may not, and nothing is lost. */
@Tag("nightly")
class ThreeServersIT {

    private static final int COUNT = 3;
    private static final Duration PATIENCE = Duration.ofMinutes(4);
    private static final String THREE_COPIES = "{'class': 'NetworkTopologyStrategy', 'datacenter1': 3}";
    private static final List<String> SERVICES = List.of("pipeline-service", "build-runner");

    @TempDir
    private Path directory;

    private final String project = "p" + UUID.randomUUID().toString().substring(0, 8);
    private final List<KafkaServer> brokers = new ArrayList<>();
    private final List<CassandraServer> nodes = new ArrayList<>();
    private final List<String> runs = new ArrayList<>();
    private final String secret = "canary+" + UUID.randomUUID() + "/?";
    private Witness witness;
    private LocalStack stack;
    private Client client;
    private Invariants invariants;

    @BeforeEach
    void up() {
        witness = new Witness(directory.resolve("witness"));
        startServers();
        stack = new LocalStack(Checkout.find(), directory.resolve("stack"), Ports.free(), environment());
        SERVICES.forEach(service -> stack.service(service).start());
        SERVICES.forEach(service -> stack.service(service).awaitReady());
        client = new Client(stack.url(), stack.adminToken());
        invariants = new Invariants(client);
        client.submit(project, "main", "", witness.twoJobs(0));
        Canary.print(secret, stack);
    }

    @AfterEach
    void down() {
        if (stack != null) {
            stack.stop(LocalStack.Progress.silent());
        }
        brokers.forEach(broker -> broker.process().kill());
        nodes.forEach(node -> node.process().kill());
    }

    @Test
    void oneBrokerMayDieAndTwoAreWaitedFor() throws IOException {
        start(5);
        brokers.get(0).process().kill();
        start(10);
        ended();

        brokers.get(1).process().kill();
        String key = UUID.randomUUID().toString();
        HttpResponse<String> refused = refused(key);
        assertTrue(
                refused.headers().firstValue("Retry-After").isPresent(),
                refused.headers().toString());
        back(brokers.get(0));
        back(brokers.get(1));

        assertTrue(Await.until(PATIENCE, () -> accepted(key).isPresent()), "accepted once the brokers are back");
        runs.add(accepted(key).orElseThrow());
        start(5);
        ended();
        noSecretIsFound();
    }

    @Test
    void oneNodeMayDieAndWithoutTwoRunsGoOnAndTheirHistoryComesLater() throws IOException {
        start(5);
        nodes.get(0).process().kill();
        start(10);
        ended();

        nodes.get(1).process().kill();
        start(5);
        assertTrue(
                Await.until(
                        PATIENCE,
                        () -> witness.marks().size() == runs.size()
                                && witness.marks().values().stream().allMatch(marks -> marks.containsKey("ended"))),
                "runs are executed while there is no history");
        back(nodes.get(0));
        back(nodes.get(1));

        ended();
        noSecretIsFound();
    }

    private void startServers() {
        List<Integer> controllers = ports();
        List<Integer> storage = ports();
        for (int i = 0; i < COUNT; i++) {
            Path place = directory.resolve("kafka-" + i);
            brokers.add(new KafkaServer(
                    Checkout.find(),
                    place,
                    Await.freePort(),
                    new KafkaServer.Seat(i + 1, controllers),
                    process("kafka", place)));
        }
        brokers.forEach(KafkaServer::start);
        for (int i = 0; i < COUNT; i++) {
            Path place = directory.resolve("cassandra-" + i);
            nodes.add(new CassandraServer(
                    Checkout.find(),
                    place,
                    Await.freePort(),
                    storage.get(i),
                    storage.get(0),
                    process("cassandra", place)));
            // One after the other: each takes its part of the ring from those that are there.
            nodes.get(i).start();
            nodes.get(i).awaitReady();
        }
        brokers.forEach(KafkaServer::awaitReady);
    }

    private Map<String, Map<String, String>> environment() {
        Map<String, String> all = new HashMap<>();
        all.put(
                "KAFKA_BOOTSTRAP_SERVERS",
                brokers.stream().map(KafkaServer::bootstrapServers).collect(Collectors.joining(",")));
        all.put("FLUJO_TOPICS_REPLICATION", "3");
        all.put("FLUJO_ORCHESTRATOR_REPLICATION_FACTOR", "3");
        all.put(
                "QUARKUS_CASSANDRA_CONTACT_POINTS",
                nodes.stream().map(CassandraServer::contactPoint).collect(Collectors.joining(",")));
        all.put("FLUJO_HISTORY_REPLICATION", THREE_COPIES);
        return SERVICES.stream().collect(Collectors.toMap(service -> service, service -> all));
    }

    private void start(int count) {
        for (int i = 0; i < count; i++) {
            runs.add(client.start(project, "main", "{\"branch\":\"main\"}"));
        }
    }

    /** The answer that nobody may take for an acceptance: the request is with one broker at most. */
    private HttpResponse<String> refused(String key) {
        List<HttpResponse<String>> answers = new ArrayList<>();
        assertTrue(Await.until(PATIENCE, () -> {
            client.tryToStart(project, "main", key).ifPresent(answers::add);
            return !answers.isEmpty();
        }));
        HttpResponse<String> answer = answers.get(0);
        assertEquals(503, answer.statusCode(), answer.body());
        return answer;
    }

    private Optional<String> accepted(String key) {
        return client.tryToStart(project, "main", key)
                .filter(answer -> answer.statusCode() < 300)
                .flatMap(answer -> answer.headers().firstValue("Location"))
                .map(location -> location.substring(location.lastIndexOf('/') + 1));
    }

    /** Every run that was accepted has ended well, was executed once, and has a whole history. */
    private void ended() {
        invariants.allDifferent(runs);
        Map<String, String> outcomes = invariants.allEnd(runs, PATIENCE);
        for (String run : runs) {
            assertEquals("SUCCEEDED", outcomes.get(run), "outcome of " + run);
            invariants.historyIsWhole(run);
            assertEquals(Map.of("begun", 1L, "ended", 1L), witness.marksOf(run), "executions of " + run);
        }
        assertEquals(List.of(), Leftovers.ofRuns(runs), "processes that outlived their runs");
    }

    private void noSecretIsFound() throws IOException {
        Canary canary = new Canary(List.of(secret));
        List<String> found = new ArrayList<>(canary.inTopics(brokers.get(0).bootstrapServers()));
        found.addAll(canary.inTables(nodes.get(0)));
        found.addAll(canary.inFiles(stack.home().resolve("logs")));
        found.addAll(canary.inFiles(stack.home().resolve("blobs")));
        found.addAll(canary.inCommands());
        assertEquals(List.of(), found, "places of the secret");
    }

    private static void back(ListeningServer server) {
        server.start();
        server.awaitReady();
    }

    private static List<Integer> ports() {
        return IntStream.range(0, COUNT).mapToObj(i -> Await.freePort()).toList();
    }

    private ServerProcess process(String name, Path place) {
        return new ServerProcess(name, place.resolve("run"), place.resolve("logs"));
    }
}
