package dev.flujo.core.trigger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.flujo.event.Cause;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EventWordsTest {

    @Test
    void readsFieldsOfEveryTypeFromWords() {
        assertEquals(
                new TriggerEvent(
                        Cause.Kind.PULL_REQUEST,
                        Map.of(
                                "action",
                                "opened",
                                "base",
                                "main",
                                "number",
                                7L,
                                "draft",
                                true,
                                "labels",
                                List.of("a", "b"))),
                EventWords.event(
                        "pull_request", List.of("base=main", "number=7", "draft=true", "labels=a,b", "action=opened")));
    }

    @Test
    void readsAPayloadAsJsonWhereItIsSome() {
        assertEquals(
                Map.of("name", "jdk"),
                EventWords.event("kafka", List.of("payload={\"name\": \"jdk\"}"))
                        .fields()
                        .get("payload"));
    }

    @Test
    void takesForGrantedWhatHappensMost() {
        assertEquals(
                "opened",
                EventWords.event(Map.of("kind", "pull_request")).fields().get("action"));
        assertEquals(
                "succeeded",
                EventWords.event(Map.of("kind", "upstream")).fields().get("outcome"));
    }

    @Test
    void refusesWhatNoEventIs() {
        assertRefused(
                Map.of("kind", "pusch"),
                "Expected a `kind` of event, one of `push`, `pull_request`, `tag`, `schedule`, `manual`, `api`, `kafka`,"
                        + " `upstream` or `deployment`, but it is `pusch`; did you mean `push`?");
        assertRefused(
                Map.of("kind", "push", "brunch", "main"),
                "Expected a field of events, but there is no `brunch`; did you mean `branch`?");
        assertRefused(Map.of("kind", "push", "branch", 3), "Expected a text in `event.branch`, but it is `3`");
    }

    @Test
    void refusesWordsWithoutAValue() {
        EventWords.Refused refused =
                assertThrows(EventWords.Refused.class, () -> EventWords.event("push", List.of("main")));

        assertEquals("Expected `field=value`, but it is `main`", refused.getMessage());
    }

    private static void assertRefused(Map<String, Object> fields, String message) {
        assertEquals(
                message,
                assertThrows(EventWords.Refused.class, () -> EventWords.event(fields))
                        .getMessage());
    }
}
