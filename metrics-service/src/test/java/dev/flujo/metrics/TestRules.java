package dev.flujo.metrics;

import java.time.Duration;
import java.util.Set;
import java.util.regex.Pattern;

/** The rules that the service has by default. */
final class TestRules {

    static final Rules RULES = new Rules(
            Set.of("production", "prod"),
            Duration.ofDays(7),
            Pattern.compile("(?i)^hot-?fix\\b"),
            Pattern.compile("(?i)\\b(test|tests|verify|check|checks|spec|specs)\\b"));

    private TestRules() {}
}
