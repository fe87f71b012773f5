package dev.flujo.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.datastax.oss.driver.api.core.CqlIdentifier;
import com.datastax.oss.driver.api.core.CqlSession;
import dev.flujo.stack.Await;
import dev.flujo.stack.LocalStack;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The history is what the topics say: dropped and read again, it is the same, row by row, whatever has happened on the stack
 * before.
 */
class HistoryRebuiltIT {

    /** Tokens are no history. */
    private static final String TOKENS = "api_token";

    private static final List<String> HISTORIES =
            List.of("commands", "runs", "tests", "logs", "pipelines", "audit", "commits");
    private static final Duration TO_END = Duration.ofMinutes(3);
    private static final String SERVICE = "pipeline-service";

    private final SharedStack shared = SharedStack.get();
    private final LocalStack stack = shared.stack();
    private final Client client = new Client(stack.url(), stack.adminToken());
    private CqlSession session;

    @BeforeEach
    void begin() {
        session = WholeTables.open(stack.cassandra());
        session.execute("USE flujo_pipeline");
    }

    @AfterEach
    void end() {
        session.close();
    }

    @Test
    void droppedTablesComeBackRowByRow() {
        String project = "p" + UUID.randomUUID().toString().substring(0, 8);
        client.submit(project, "main", "", pipeline());
        assertTrue(Await.until(TO_END, () -> client.get("/api/v1/projects/" + project + "/pipelines/main")
                .isPresent()));
        List<String> runs = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            runs.add(client.start(project, "main", "{\"branch\":\"main\",\"commit\":\"" + "c".repeat(40) + "\"}"));
        }
        client.post("/api/v1/runs/" + runs.get(4) + "/cancel");
        Invariants invariants = new Invariants(client);
        invariants.allEnd(runs, TO_END);
        Map<String, List<String>> before = settled();
        for (String table : List.of("run", "run_event", "commit_run", "log_chunk", "log_index", "test_case", "audit")) {
            assertFalse(before.get(table).isEmpty(), "rows of " + table);
        }

        stack.service(SERVICE).process().stop(Duration.ofSeconds(20));
        before.keySet().forEach(table -> session.execute("TRUNCATE " + table));
        LocalStack again = shared.with(SERVICE, Map.of("FLUJO_HISTORY_GENERATION", "2"));
        again.service(SERVICE).start();
        again.service(SERVICE).awaitReady();

        Await.until(TO_END, () -> rows().equals(before));
        Map<String, List<String>> after = rows();
        for (String table : before.keySet()) {
            assertEquals(different(before, after, table), different(after, before, table), "rows of " + table);
        }
    }

    /** All rows, once they are all that the topics say and do not change any more. */
    private Map<String, List<String>> settled() {
        List<Map<String, List<String>>> seen = new ArrayList<>();
        try (ConsumerGroups consumers = new ConsumerGroups(stack.kafka().bootstrapServers())) {
            assertTrue(
                    Await.until(TO_END, () -> {
                        seen.add(rows());
                        int looks = seen.size();
                        return looks > 1
                                && seen.get(looks - 1).equals(seen.get(looks - 2))
                                && HISTORIES.stream()
                                        .allMatch(history -> consumers.hasReadAll(
                                                "flujo-history-" + history + "-1", "flujo." + history))
                                && seen.get(looks - 1).equals(rows());
                    }),
                    "the history reads all that lies on its topics");
        }
        return seen.get(seen.size() - 1);
    }

    /** The rows of a table that only the first has. */
    private static List<String> different(
            Map<String, List<String>> first, Map<String, List<String>> second, String table) {
        List<String> rows = new ArrayList<>(first.get(table));
        rows.removeAll(Set.copyOf(second.get(table)));
        return rows;
    }

    private List<String> tables() {
        return session.getMetadata().getKeyspace("flujo_pipeline").orElseThrow().getTables().keySet().stream()
                .map(CqlIdentifier::asInternal)
                .filter(table -> !table.equals(TOKENS))
                .toList();
    }

    private Map<String, List<String>> rows() {
        Map<String, List<String>> rows = new TreeMap<>();
        for (String table : tables()) {
            rows.put(
                    table,
                    StreamSupport.stream(
                                    session.execute("SELECT JSON * FROM " + table)
                                            .spliterator(),
                                    false)
                            .map(row -> row.getString(0))
                            .sorted()
                            .toList());
        }
        return rows;
    }

    private static String pipeline() {
        return """
                name: main
                on: manual
                jobs:
                  test:
                    steps:
                      - seq 1 3000
                      - |
                        mkdir -p out
                        echo '<testsuite name="s"><testcase name="a" time="0.1"/></testsuite>' > out/TEST-s.xml
                    reports: {junit: out/TEST-*.xml}
                  wrong: {needs: test, steps: ['echo oh >&2', exit 3]}
                  after: {needs: wrong, steps: ['true']}
                """;
    }
}
