package dev.flujo.bench;

import java.util.Locale;

/** One measured figure beside what it has to be; a bound that is no number means that the figure is only shown. */
record Figure(String name, double value, String unit, Bound bound) {

    /** What a figure has to be. */
    record Bound(Kind kind, double value) {

        enum Kind {
            AT_MOST,
            AT_LEAST,
            NONE
        }
    }

    static Figure atMost(String name, double value, String unit, double bound) {
        return new Figure(name, value, unit, new Bound(Bound.Kind.AT_MOST, bound));
    }

    static Figure atLeast(String name, double value, String unit, double bound) {
        return new Figure(name, value, unit, new Bound(Bound.Kind.AT_LEAST, bound));
    }

    /** A figure that is shown and has no bound. */
    static Figure shown(String name, double value, String unit) {
        return new Figure(name, value, unit, new Bound(Bound.Kind.NONE, 0));
    }

    /** Whether the figure is what it has to be; one that could not be measured (NaN) never is. */
    boolean met() {
        return switch (bound.kind()) {
            case AT_MOST -> value <= bound.value();
            case AT_LEAST -> value >= bound.value();
            case NONE -> !Double.isNaN(value);
        };
    }

    /** The figure as a row of a Markdown table. */
    String row() {
        String wanted =
                switch (bound.kind()) {
                    case AT_MOST -> "at most " + number(bound.value());
                    case AT_LEAST -> "at least " + number(bound.value());
                    case NONE -> "";
                };
        String verdict = met() ? (wanted.isEmpty() ? "" : "met") : "MISSED";
        return "| " + name + " | " + number(value) + " " + unit + " | " + wanted + " | " + verdict + " |";
    }

    private static String number(double value) {
        if (Double.isNaN(value)) {
            return "none";
        }
        boolean whole = value == Math.rint(value) || Math.abs(value) >= 1000;
        return String.format(Locale.ROOT, whole ? "%.0f" : Math.abs(value) >= 10 ? "%.1f" : "%.2f", value);
    }
}
