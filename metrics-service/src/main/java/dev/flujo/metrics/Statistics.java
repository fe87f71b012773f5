package dev.flujo.metrics;

import java.util.List;
import java.util.Optional;

/** Medians and percentiles. */
public final class Statistics {

    private Statistics() {}

    /** The middle value, or the mean of the two middle ones; none of nothing. */
    public static Optional<Double> median(List<? extends Number> values) {
        if (values.isEmpty()) {
            return Optional.empty();
        }
        double[] sorted = sorted(values);
        int middle = sorted.length / 2;
        return Optional.of(
                sorted.length % 2 == 1
                        ? sorted[middle]
                        : sorted[middle - 1] + (sorted[middle] - sorted[middle - 1]) / 2);
    }

    /** The smallest value that at least this share of the values does not exceed (nearest rank); none of nothing. */
    public static Optional<Double> percentile(List<? extends Number> values, double share) {
        if (values.isEmpty()) {
            return Optional.empty();
        }
        double[] sorted = sorted(values);
        int rank = (int) Math.ceil(share * sorted.length);
        return Optional.of(sorted[Math.max(rank, 1) - 1]);
    }

    private static double[] sorted(List<? extends Number> values) {
        return values.stream().mapToDouble(Number::doubleValue).sorted().toArray();
    }
}
