package dev.flujo.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class FigureTest {

    @Test
    void aFigureIsMetUpToItsBound() {
        assertTrue(Figure.atMost("time", 25, "ms", 25).met());
        assertFalse(Figure.atMost("time", 25.1, "ms", 25).met());
        assertTrue(Figure.atLeast("rate", 100, "/s", 100).met());
        assertFalse(Figure.atLeast("rate", 99.9, "/s", 100).met());
    }

    @Test
    void whatCouldNotBeMeasuredIsNeverMet() {
        assertFalse(Figure.atMost("time", Double.NaN, "ms", 25).met());
        assertFalse(Figure.shown("memory", Double.NaN, "MiB").met());
    }

    @Test
    void aRowSaysWhatWasMeasuredAndWhatHasToBe() {
        assertEquals(
                "| time | 24.9 ms | at most 25 | met |",
                Figure.atMost("time", 24.94, "ms", 25).row());
        assertEquals(
                "| rate | 80 /s | at least 100 | MISSED |",
                Figure.atLeast("rate", 80, "/s", 100).row());
        assertEquals(
                "| memory | 312 MiB |  |  |", Figure.shown("memory", 312, "MiB").row());
    }
}
