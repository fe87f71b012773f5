package dev.flujo.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.Row;
import com.datastax.oss.driver.api.core.metadata.schema.KeyspaceMetadata;
import com.datastax.oss.driver.api.core.metadata.schema.TableMetadata;
import dev.flujo.event.Topic;
import dev.flujo.stack.Await;
import dev.flujo.stack.CassandraServer;
import dev.flujo.stack.LocalStack;
import dev.flujo.stack.TestLog;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Texts that nobody may find in what a stack keeps, as they are, or as base64 and URLs write them. */
public final class Canary {

    /** Of a page; a server gives up a question that takes it longer than some seconds. */

    /** Where the runner has the value of the secret, below the directory of the secrets of jobs. */
    static final String FILE = "canary/CANARY";

    private static final Duration TO_END = Duration.ofMinutes(1);

    private final List<String> texts;

    public Canary(Collection<String> secrets) {
        this.texts = secrets.stream()
                .flatMap(
                        secret -> Stream.of(secret, encoded(secret), URLEncoder.encode(secret, StandardCharsets.UTF_8)))
                .distinct()
                .toList();
    }

    /** Has a job of the stack print this as its secret. */
    static void print(String secret, LocalStack stack) {
        try {
            Path file = stack.jobSecrets().resolve(FILE);
            Files.createDirectories(file.getParent());
            Files.writeString(file, secret);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        print(new Client(stack.url(), stack.adminToken()));
    }

    /** Has a job print the secret that its runner finds in {@link #FILE}. */
    static void print(Client client) {
        client.submit(
                "canary",
                "main",
                "",
                "name: main\non: manual\njobs: {print: {secrets: CANARY, steps: ['echo \"it is $CANARY\"']}}\n");
        String run = client.start("canary", "main", "{\"branch\":\"main\"}");
        assertEquals(Map.of(run, "SUCCEEDED"), new Invariants(client).allEnd(List.of(run), TO_END));
        assertTrue(
                Await.until(TO_END, () -> client.answer("/api/v1/runs/" + run + "/jobs/print/log")
                        .body()
                        .contains("it is ***")),
                "the secret is hidden in the log");
    }

    /** Where the texts are found: in topics, tables, logs of servers and services, these directories, and commands now. */
    public List<String> foundIn(LocalStack stack, Collection<Path> directories) throws IOException {
        List<String> found = new ArrayList<>(inTopics(stack.kafka().bootstrapServers()));
        found.addAll(inTables(stack.cassandra()));
        found.addAll(inFiles(stack.home().resolve("logs")));
        for (Path directory : directories) {
            found.addAll(inFiles(directory));
        }
        found.addAll(inCommands());
        return found;
    }

    /** The processes that have one of the texts in their command line now. */
    List<String> inCommands() {
        return Leftovers.ofCommand(this::betrays);
    }

    List<String> inFiles(Path directory) throws IOException {
        if (Files.notExists(directory)) {
            return List.of();
        }
        List<String> found = new ArrayList<>();
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                if (betrays(Files.readString(file, StandardCharsets.ISO_8859_1))) {
                    found.add(file.toString());
                }
            }
        }
        return found;
    }

    List<String> inTopics(String bootstrapServers) {
        List<String> found = new ArrayList<>();
        try (TestLog log = new TestLog(bootstrapServers)) {
            for (Topic topic : Topic.values()) {
                for (ConsumerRecord<String, byte[]> record : log.records(topic.topicName())) {
                    if (record.value() != null && betrays(new String(record.value(), StandardCharsets.UTF_8))) {
                        found.add(topic + " " + record.offset());
                    }
                }
            }
        }
        return found;
    }

    List<String> inTables(CassandraServer cassandra) {
        List<String> found = new ArrayList<>();
        try (CqlSession session = WholeTables.open(cassandra)) {
            for (KeyspaceMetadata keyspace :
                    session.getMetadata().getKeyspaces().values()) {
                if (!keyspace.getName().asInternal().startsWith("flujo")) {
                    continue;
                }
                for (TableMetadata table : keyspace.getTables().values()) {
                    for (Row row :
                            session.execute("SELECT JSON * FROM " + keyspace.getName() + "." + table.getName())) {
                        if (betrays(String.valueOf(row.getString(0)))) {
                            found.add(table.getName() + " " + row.getString(0));
                        }
                    }
                }
            }
        }
        return found;
    }

    /** The secrets, and how base64 and URLs write them. */
    List<String> texts() {
        return texts;
    }

    boolean betrays(String text) {
        return texts.stream().anyMatch(text::contains);
    }

    private static String encoded(String text) {
        return Base64.getEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
