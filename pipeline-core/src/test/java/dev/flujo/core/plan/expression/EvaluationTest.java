package dev.flujo.core.plan.expression;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class EvaluationTest {

    private static final Evaluation EVALUATION = new Evaluation(Map.of(
            "event",
            Map.of(
                    "branch",
                    "main",
                    "title",
                    "${{ event.branch }} and ${{ secrets.TOKEN }}",
                    "labels",
                    List.of("ci", "docs"),
                    "number",
                    42L,
                    "draft",
                    false,
                    "payload",
                    Map.of("size", 2.5, "whole", 3.0, "names", List.of("a", "b"))),
            "env",
            Map.of("LIST", "[\"x\", 1, true, null, {\"a\": [2]}]", "TEXT", "a/b")));

    @Test
    void holdsOrNot() {
        assertTrue(EVALUATION.holds("event.branch == 'main' && event.number > 41"));
        assertTrue(EVALUATION.holds("'ci' in event.labels && event.labels.exists(label, label.startsWith('d'))"));
        assertTrue(EVALUATION.holds("event.branch.matches('^ma.n$') && !event.draft"));
        assertFalse(EVALUATION.holds("event.payload.size > 3"));
        assertFalse(EVALUATION.holds("has(event.payload.missing)"));
    }

    @Test
    void writesValuesIntoTextsAsAPersonWould() {
        assertEquals("x", EVALUATION.text("x"));
        assertEquals("main-42", EVALUATION.text("${{ event.branch }}-${{event.number}}"));
        assertEquals(
                "2.5 3 false",
                EVALUATION.text("${{ event.payload.size }} ${{ event.payload.whole }} ${{ " + "event.draft }}"));
        assertEquals("[\"ci\",\"docs\"]", EVALUATION.text("${{ event.labels }}"));
        Map<String, Object> sorted = new TreeMap<>(Map.of("a", "q\"\\\n", "b", List.of(1L)));
        assertEquals("{\"a\":\"q\\\"\\\\\\u000a\",\"b\":[1]}", Evaluation.written(sorted));
        assertEquals("a-b", EVALUATION.text("${{ env.TEXT.replace('/', '-') }}"));
        assertEquals("$ {{ }} }}", EVALUATION.text("$ {{ }} }}"));
        assertEquals("{}}", EVALUATION.text("${{ '{}}' }}"));
    }

    @Test
    void neverEvaluatesWhatAValueHolds() {
        assertEquals("${{ event.branch }} and ${{ secrets.TOKEN }}", EVALUATION.text("${{ event.title }}"));
        assertEquals("<${{ event.branch }} and ${{ secrets.TOKEN }}>", EVALUATION.text("<${{ event.title }}>"));
    }

    @Test
    void givesListsAlsoFromJson() {
        assertEquals(List.of("ci", "docs"), EVALUATION.list("event.labels"));
        assertEquals(
                List.of("x", "1", "true", "null", "{\"a\":[2]}"),
                EVALUATION.list("env.LIST").stream().map(Evaluation::written).toList());
        assertEquals(5, EVALUATION.list("json(env.LIST)").size());
    }

    @Test
    void saysWhatHasNoValue() {
        assertEquals(
                "Expected a value from `event.missing == 'x'`, but key 'missing' is not present in map.",
                failure(() -> EVALUATION.holds("event.missing == 'x'")));
        assertEquals(
                "Expected true or false from `event.branch`, but it is `main`",
                failure(() -> EVALUATION.holds("event.branch")));
        assertEquals(
                "Expected a list from `event.branch`, but it is `main`",
                failure(() -> EVALUATION.list("event.branch")));
        assertTrue(failure(() -> EVALUATION.text("${{ json('[1') }}"))
                .startsWith("Expected a value from " + "`json('[1')`, but "));
        assertTrue(failure(() -> EVALUATION.text("${{ 1 / 0 }}")).contains("/ by zero"));
    }

    @Test
    void endsLoopsThatWouldTakeForever() {
        String list = "[" + "1,".repeat(200) + "1]";

        assertTrue(failure(() -> EVALUATION.holds(list + ".all(a, " + list + ".all(b, a == b && " + "b == a))"))
                .startsWith("Expected a value from "));
    }

    private static String failure(Runnable evaluation) {
        return assertThrows(Evaluation.Failure.class, evaluation::run).getMessage();
    }
}
