package dev.flujo.event;

import java.util.List;

/**
 * The tests of one job in numbers. {@code failedNames} holds the first failed ones (at most {@value #MOST_NAMES}), as
 * {@code suite.case}.
 */
public record TestSummary(int passed, int failed, int skipped, List<String> failedNames) {

    /** How many failed names a summary carries at most. */
    public static final int MOST_NAMES = 20;

    public TestSummary {
        failedNames = failedNames == null ? List.of() : List.copyOf(failedNames);
    }

    public int total() {
        return passed + failed + skipped;
    }
}
