package dev.flujo.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.flujo.event.Topic;
import dev.flujo.stack.Await;
import dev.flujo.stack.LocalStack;
import dev.flujo.stack.ServiceMember;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The pipeline-service dies at the worst moments: when something is done, and nobody has been told yet. */
class CrashPointsIT {

    private static final Duration TO_END = Duration.ofMinutes(3);
    private static final String SERVICE = "pipeline-service";

    private final SharedStack shared = SharedStack.get();
    private final LocalStack stack = shared.stack();
    private final Client client = new Client(stack.url(), stack.adminToken());
    private final Invariants invariants = new Invariants(client);
    private final String project = "p" + UUID.randomUUID().toString().substring(0, 8);
    private final Witness witness = new Witness(shared.outside().resolve(project + ".witness"));

    @BeforeEach
    void define() {
        client.submit(project, "main", "", witness.twoJobs(0));
    }

    @Test
    void theRequestIsWithKafkaAndItsAnswerIsNot() {
        endsWell(startedWhileItDiesAt("api.before-reply"));
    }

    @Test
    void theRunIsOnItsLogAndTheTransactionIsOpen() {
        String run = startedWhileItDiesAt("orchestrator.before-commit");

        endsWell(run);
        List<String> written = idsOnTheLog(run);
        assertTrue(
                written.size() > new HashSet<>(written).size(),
                () -> "Expected what was not committed to be written again under the same ids, but found " + written);
        assertEquals(
                client.events(run).size(),
                new HashSet<>(written).size(),
                "events that were written, committed or not, and events of the history");
    }

    @Test
    void theEventIsInTheHistoryAndTheRunIsNot() {
        endsWell(startedWhileItDiesAt("projector.between-writes"));
    }

    /** A user starts a run while the service dies at that step, and repeats the request until a next life answers. */
    private String startedWhileItDiesAt(String step) {
        stack.service(SERVICE).process().stop(Duration.ofSeconds(20));
        ServiceMember dying =
                shared.with(SERVICE, Map.of("FLUJO_PIPELINE_FAILPOINT", step)).service(SERVICE);
        dying.start();
        CompletableFuture<String> run =
                CompletableFuture.supplyAsync(() -> client.start(project, "main", "{\"branch\":\"main\"}"));
        boolean died = Await.until(TO_END, () -> !dying.process().alive());
        dying.process().kill();
        stack.service(SERVICE).start();
        stack.service(SERVICE).awaitReady();
        assertTrue(died, () -> "Expected the service to die at " + step);
        return run.join();
    }

    private void endsWell(String run) {
        assertEquals(Map.of(run, "SUCCEEDED"), invariants.allEnd(List.of(run), TO_END));
        invariants.historyIsWhole(run);
        assertEquals(Map.of("begun", 1L, "ended", 1L), witness.marksOf(run), "executions of " + run);
        new RunLogs(stack.kafka().bootstrapServers()).areWhole(List.of(run), project);
        assertEquals(List.of(), Leftovers.ofRuns(List.of(run)), "processes that outlived their runs");
    }

    /** The ids of all that was ever written of a run, also what was not committed. */
    private List<String> idsOnTheLog(String run) {
        Properties properties = new Properties();
        properties.putAll(
                Map.of("bootstrap.servers", stack.kafka().bootstrapServers(), "isolation.level", "read_uncommitted"));
        List<String> ids = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(Topic.RUNS.topicName()).stream()
                    .map(info -> new TopicPartition(info.topic(), info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (partitions.stream().anyMatch(partition -> consumer.position(partition) < ends.get(partition))) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(200))) {
                    if (new String(record.value(), StandardCharsets.UTF_8).contains(run)) {
                        Header id = record.headers().lastHeader("ce_id");
                        ids.add(new String(id.value(), StandardCharsets.UTF_8));
                    }
                }
            }
        }
        Collections.sort(ids);
        return ids;
    }
}
