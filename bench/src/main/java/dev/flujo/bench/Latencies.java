package dev.flujo.bench;

import java.util.Collection;
import java.util.List;

/** Times in milliseconds, in order, and what they say. */
record Latencies(List<Double> sortedMillis) {

    static Latencies of(Collection<Double> millis) {
        return new Latencies(millis.stream().sorted().toList());
    }

    int count() {
        return sortedMillis.size();
    }

    /** How many have no end. */
    int infinite() {
        return (int) sortedMillis.stream().filter(millis -> millis.isInfinite()).count();
    }

    /** The smallest time that this share (0 to 1) of all times does not exceed (nearest rank); NaN if there are none. */
    double percentile(double share) {
        if (sortedMillis.isEmpty()) {
            return Double.NaN;
        }
        int rank = (int) Math.ceil(share * sortedMillis.size());
        return sortedMillis.get(Math.max(1, rank) - 1);
    }
}
