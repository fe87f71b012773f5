package dev.flujo.core.plan.yaml;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SpellingTest {

    private static final List<String> KEYS =
            List.of("needs", "env", "steps", "timeout", "artifacts", "reports", "deploy");

    @Test
    void findsAWordWithALetterTooManyTooFewWrongOrSwapped() {
        assertEquals(Optional.of("steps"), Spelling.nearest("stepps", KEYS));
        assertEquals(Optional.of("steps"), Spelling.nearest("step", KEYS));
        assertEquals(Optional.of("steps"), Spelling.nearest("stebs", KEYS));
        assertEquals(Optional.of("steps"), Spelling.nearest("stpes", KEYS));
        assertEquals(Optional.of("artifacts"), Spelling.nearest("ARTEFACTS", KEYS));
        assertEquals(Optional.of("timeout"), Spelling.nearest("time-out", KEYS));
    }

    @Test
    void findsNothingInWordsThatMeanSomethingElse() {
        assertEquals(Optional.empty(), Spelling.nearest("x", KEYS));
        assertEquals(Optional.empty(), Spelling.nearest("banana", KEYS));
        assertEquals(Optional.empty(), Spelling.nearest("", KEYS));
        assertEquals(Optional.empty(), Spelling.nearest("steps".repeat(100), KEYS));
    }

    @Test
    void prefersTheNearestAndThenTheFirst() {
        assertEquals(Optional.of("test-2"), Spelling.nearest("tesst-2", List.of("test-1", "test-2")));
        assertEquals(Optional.of("test-1"), Spelling.nearest("test-3", List.of("test-1", "test-2")));
    }

    @Test
    void stopsCountingAtTheLimit() {
        assertEquals(2, Spelling.distance("kitten", "mittens", 4));
        assertEquals(3, Spelling.distance("kitten", "sitting", 4));
        assertEquals(3, Spelling.distance("kitten", "sitting", 3));
        assertEquals(2, Spelling.distance("kitten", "sitting", 2));
        assertEquals(0, Spelling.distance("same", "same", 4));
    }
}
