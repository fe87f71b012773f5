package dev.flujo.pipeline.store;

import static dev.flujo.pipeline.store.Tables.KEYSPACE;

import com.datastax.oss.driver.api.core.cql.Row;
import dev.flujo.event.Attempt;
import dev.flujo.event.Outcome;
import dev.flujo.event.TestEvent;
import dev.flujo.event.TestEvent.CaseFinished;
import dev.flujo.event.TestEvent.CaseSkipped;
import dev.flujo.event.TestEvent.SuiteFinished;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** The results of the users' tests, by attempt. */
@ApplicationScoped
public class TestCases {

    private static final String KEY = " WHERE run = ? AND job = ? AND attempt = ?";
    private static final String PUT_CASE = "INSERT INTO " + KEYSPACE
            + ".test_case (run, job, attempt, suite, name, outcome, millis, message) VALUES (?, ?, ?, ?, ?, ?, ?, ?)";
    private static final String PUT_SUITE = "INSERT INTO " + KEYSPACE
            + ".test_suite (run, job, attempt, suite, passed, failed, skipped, millis) VALUES (?, ?, ?, ?, ?, ?, ?, ?)";
    private static final String CASES =
            "SELECT * FROM " + KEYSPACE + ".test_case" + KEY + " AND (suite, name) > (?, ?) LIMIT ?";
    private static final String SUITES = "SELECT * FROM " + KEYSPACE + ".test_suite" + KEY;

    private final Database database;

    /** One case of a suite and how it ended. */
    public record Case(String suite, String name, Outcome outcome, long millis, Optional<String> message) {}

    /** One suite in numbers. */
    public record Suite(String suite, int passed, int failed, int skipped, long millis) {}

    TestCases(Database database) {
        this.database = database;
    }

    public CompletionStage<Void> put(TestEvent event) {
        if (event instanceof CaseFinished e) {
            return put(e.attempt(), new Case(e.suite(), e.name(), e.outcome(), e.millis(), e.message()));
        }
        if (event instanceof CaseSkipped e) {
            return put(e.attempt(), new Case(e.suite(), e.name(), Outcome.SKIPPED, 0, e.message()));
        }
        if (event instanceof SuiteFinished e) {
            Attempt attempt = e.attempt();
            return database.write(
                    PUT_SUITE,
                    attempt.run(),
                    attempt.job(),
                    attempt.number(),
                    e.suite(),
                    e.passed(),
                    e.failed(),
                    e.skipped(),
                    e.millis());
        }
        throw new AssertionError("unhandled event " + event);
    }

    /** At most so many cases after the given one, by suite and name; begin after two empty names. */
    public List<Case> page(Attempt attempt, String afterSuite, String afterName, int most) {
        return database.ask(CASES, attempt.run(), attempt.job(), attempt.number(), afterSuite, afterName, most).stream()
                .map(TestCases::testCase)
                .toList();
    }

    public List<Suite> suites(Attempt attempt) {
        return database.ask(SUITES, attempt.run(), attempt.job(), attempt.number()).stream()
                .map(row -> new Suite(
                        row.getString("suite"),
                        row.getInt("passed"),
                        row.getInt("failed"),
                        row.getInt("skipped"),
                        row.getLong("millis")))
                .toList();
    }

    private CompletionStage<Void> put(Attempt attempt, Case ended) {
        return database.write(
                PUT_CASE,
                attempt.run(),
                attempt.job(),
                attempt.number(),
                ended.suite(),
                ended.name(),
                ended.outcome().name(),
                ended.millis(),
                // Not null, which would leave what an earlier case of the same name has said.
                ended.message().orElse(""));
    }

    private static Case testCase(Row row) {
        return new Case(
                row.getString("suite"),
                row.getString("name"),
                Outcome.valueOf(row.getString("outcome")),
                row.getLong("millis"),
                Optional.ofNullable(row.getString("message")).filter(message -> !message.isEmpty()));
    }
}
