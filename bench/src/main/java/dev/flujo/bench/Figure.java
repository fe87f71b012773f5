package dev.flujo.bench;

import java.util.Locale;

/** One measured figure beside what it has to be. */
record Figure(String name, double value, String unit, double bound, boolean lowerIsBetter) {

    static Figure atMost(String name, double value, String unit, double bound) {
        return new Figure(name, value, unit, bound, true);
    }

    static Figure atLeast(String name, double value, String unit, double bound) {
        return new Figure(name, value, unit, bound, false);
    }

    /** A figure that is shown and has no bound. */
    static Figure shown(String name, double value, String unit) {
        return new Figure(name, value, unit, Double.NaN, true);
    }

    boolean met() {
        return Double.isNaN(bound) || (lowerIsBetter ? value <= bound : value >= bound);
    }

    String row() {
        String wanted = Double.isNaN(bound) ? "" : (lowerIsBetter ? "≤ " : "≥ ") + number(bound);
        return String.format(
                Locale.ROOT,
                "| %s | %s %s | %s | %s |",
                name,
                number(value),
                unit,
                wanted,
                Double.isNaN(bound) ? "" : met() ? "met" : "MISSED");
    }

    private static String number(double value) {
        return Double.isNaN(value)
                ? "none"
                : value == Math.rint(value)
                        ? String.format(Locale.ROOT, "%.0f", value)
                        : String.format(Locale.ROOT, "%.1f", value);
    }
}
