package dev.flujo.bench;

import java.util.Arrays;
import java.util.Collection;

/** Times in milliseconds, and what they say. */
record Latencies(double[] sortedMillis) {

    static Latencies of(Collection<Double> millis) {
        double[] sorted = millis.stream().mapToDouble(Double::doubleValue).toArray();
        Arrays.sort(sorted);
        return new Latencies(sorted);
    }

    int count() {
        return sortedMillis.length;
    }

    /** The value below which this share (0 to 1) of the times lies: the nearest rank. */
    double percentile(double share) {
        if (sortedMillis.length == 0) {
            return Double.NaN;
        }
        int rank = (int) Math.ceil(share * sortedMillis.length);
        return sortedMillis[Math.max(0, Math.min(sortedMillis.length, rank) - 1)];
    }
}
