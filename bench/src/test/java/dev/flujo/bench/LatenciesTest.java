package dev.flujo.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LatenciesTest {

    @Test
    void aPercentileIsTheTimeThatSoManyDoNotExceed() {
        Latencies times = Latencies.of(IntStream.rangeClosed(1, 1000)
                .mapToObj(i -> (double) (1001 - i))
                .toList());

        assertEquals(500, times.percentile(0.5));
        assertEquals(990, times.percentile(0.99));
        assertEquals(1000, times.percentile(1));
    }

    @Test
    void ofOneTimeEveryPercentileIsThatTime() {
        assertEquals(7, Latencies.of(List.of(7.0)).percentile(0.01));
    }

    @Test
    void withoutTimesThereIsNoPercentile() {
        assertTrue(Double.isNaN(Latencies.of(List.of()).percentile(0.5)));
    }
}
