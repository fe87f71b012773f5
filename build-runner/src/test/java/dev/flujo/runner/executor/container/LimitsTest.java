package dev.flujo.runner.executor.container;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.flujo.event.plan.Placement.Resources;
import dev.flujo.runner.executor.RefusedException;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LimitsTest {

    private static final Limits USUAL = new Limits(2L << 30, 0, 2048);

    @ParameterizedTest
    @CsvSource({"2,2000000000", "0.5,500000000", "500m,500000000"})
    void readsProcessors(String text, long nanos) throws RefusedException {
        assertEquals(nanos, USUAL.with(asking(text, null, 0)).nanoCpus());
    }

    @ParameterizedTest
    @CsvSource({"4Gi,4294967296", "512Mi,536870912", "1G,1000000000", "16777216,16777216", "1.5Gi,1610612736"})
    void readsMemory(String text, long bytes) throws RefusedException {
        assertEquals(bytes, USUAL.with(asking(null, text, 0)).memory());
    }

    @Test
    void keepsWhatIsNotAskedFor() throws RefusedException {
        assertEquals(USUAL, USUAL.with(asking(null, null, 0)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "many", "-1", "1e9", "4GB", "1m", "0"})
    void refusesWhatIsNoMemory(String text) {
        assertThrows(RefusedException.class, () -> USUAL.with(asking(null, text, 0)));
    }

    @Test
    void refusesGraphicsProcessors() {
        assertThrows(RefusedException.class, () -> USUAL.with(asking(null, null, 1)));
    }

    private static Resources asking(String cpu, String memory, int gpu) {
        return new Resources(Optional.ofNullable(cpu), Optional.ofNullable(memory), Optional.empty(), gpu);
    }
}
