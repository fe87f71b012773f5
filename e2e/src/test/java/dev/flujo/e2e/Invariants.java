package dev.flujo.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.flujo.stack.Await;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What must hold after every fault. */
final class Invariants {

    private static final Set<String> ENDED = Set.of("SUCCEEDED", "FAILED", "CANCELLED", "ERRORED");

    private final Client client;

    Invariants(Client client) {
        this.client = client;
    }

    /** Every accepted run ends; gives each one's outcome. */
    Map<String, String> allEnd(Collection<String> runs, Duration patience) {
        Map<String, String> outcomes = new HashMap<>();
        boolean ended = Await.until(patience, () -> {
            for (String run : runs) {
                if (!outcomes.containsKey(run)) {
                    client.state(run).filter(ENDED::contains).ifPresent(state -> outcomes.put(run, state));
                }
            }
            return outcomes.size() == new HashSet<>(runs).size();
        });
        assertTrue(ended, () -> {
            Set<String> open = new HashSet<>(runs);
            open.removeAll(outcomes.keySet());
            return "Expected all " + runs.size() + " runs to end, but these have not: "
                    + open.stream()
                            .limit(5)
                            .map(run -> run + " " + client.state(run))
                            .toList();
        });
        return outcomes;
    }

    /** Every accepted request has a run of its own. */
    void allDifferent(List<String> runs) {
        assertEquals(runs.size(), new HashSet<>(runs).size(), "Expected one run for each accepted request");
    }

    /** The history of a run: numbered from 1 without a gap, begun once, ended once and last, ids unique. */
    void historyIsWhole(String run) {
        List<JsonNode> events = client.events(run);
        assertFalse(events.isEmpty(), "Expected a history of " + run);
        Set<String> ids = new HashSet<>();
        for (int i = 0; i < events.size(); i++) {
            assertEquals(i + 1, events.get(i).path("sequence").asInt(), "gap in the history of " + run);
            assertTrue(ids.add(id(events.get(i))), "the same event twice in the history of " + run);
        }
        assertEquals(1, count(events, "dev.cdevents.pipelinerun.queued."), "begin of " + run);
        assertEquals(1, count(events, "dev.cdevents.pipelinerun.finished."), "end of " + run);
        assertTrue(
                type(events.get(events.size() - 1)).startsWith("dev.cdevents.pipelinerun.finished."),
                "something follows the end of " + run);
    }

    static long count(List<JsonNode> events, String typePrefix) {
        return events.stream()
                .filter(event -> type(event).startsWith(typePrefix))
                .count();
    }

    static String type(JsonNode event) {
        return event.path("event").path("context").path("type").asText();
    }

    private static String id(JsonNode event) {
        return event.path("event").path("context").path("id").asText();
    }
}
