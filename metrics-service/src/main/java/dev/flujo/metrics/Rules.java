package dev.flujo.metrics;

import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What a team may define for itself: which environments count as production, how long after a deployment an incident that
 * names none is still laid at its door, what marks a hot fix, and which steps are tests.
 */
public record Rules(Set<String> production, Duration incidentWindow, Pattern hotfix, Pattern testSteps) {

    public Rules {
        production = Set.copyOf(production);
        Objects.requireNonNull(incidentWindow, "incidentWindow");
        Objects.requireNonNull(hotfix, "hotfix");
        Objects.requireNonNull(testSteps, "testSteps");
    }

    /** {@code production} or {@code other}. */
    public String tier(String environment) {
        return production.contains(environment) ? "production" : "other";
    }
}
