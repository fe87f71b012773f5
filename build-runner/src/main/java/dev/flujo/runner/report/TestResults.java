package dev.flujo.runner.report;

import dev.flujo.event.Attempt;
import dev.flujo.event.Outcome;
import dev.flujo.event.TestEvent;
import dev.flujo.event.TestEvent.CaseFinished;
import dev.flujo.event.TestEvent.CaseSkipped;
import dev.flujo.event.TestEvent.SuiteFinished;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The events that the cases of one attempt's reports become, whatever format has told them. */
final class TestResults {

    static final String UNNAMED = "unnamed";

    private static final int MOST_MESSAGE = 4_000;

    private final String project;
    private final Attempt attempt;
    private final Instant readAt;
    private final List<TestEvent> events = new ArrayList<>();

    /** A suite whose cases are being counted. */
    static final class Suite {
        private final String name;
        private int passed;
        private int failed;
        private int skipped;
        private long millis;

        Suite(String name) {
            this.name = ReportText.name(name);
        }

        String name() {
            return name;
        }
    }

    TestResults(String project, Attempt attempt, Instant readAt) {
        this.project = project;
        this.attempt = attempt;
        this.readAt = readAt;
    }

    List<TestEvent> events() {
        return events;
    }

    /** A case of a suite that has ended; its owner is what the case is told to belong to. */
    void ended(Suite suite, String owner, String name, long millis, Optional<String> failure) {
        suite.millis += millis;
        suite.failed += failure.isPresent() ? 1 : 0;
        suite.passed += failure.isPresent() ? 0 : 1;
        events.add(new CaseFinished(
                project,
                attempt,
                ReportText.name(owner),
                ReportText.name(name),
                failure.isPresent() ? Outcome.FAILED : Outcome.SUCCEEDED,
                millis,
                failure.map(text -> ReportText.beginning(text, MOST_MESSAGE))));
    }

    /** A case of a suite that was left out. */
    void skipped(Suite suite, String owner, String name, long millis, String message) {
        suite.millis += millis;
        suite.skipped++;
        events.add(new CaseSkipped(
                project,
                attempt,
                ReportText.name(owner),
                ReportText.name(name),
                Optional.of(ReportText.beginning(message, MOST_MESSAGE)).filter(text -> !text.isEmpty())));
    }

    /** No more cases of a suite follow; one without any is not told. */
    void end(Suite suite) {
        if (suite.passed + suite.failed + suite.skipped > 0) {
            events.add(new SuiteFinished(
                    project, attempt, suite.name, suite.passed, suite.failed, suite.skipped, suite.millis, readAt));
        }
    }
}
