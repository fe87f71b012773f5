package dev.flujo.runner.report;

import dev.flujo.event.Attempt;
import dev.flujo.event.TestEvent;
import dev.flujo.runner.report.TestResults.Suite;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads test results in the Common Test Report Format; counts are taken from the tests. */
public final class CtrfReport {

    private static final String WHAT = "a CTRF report";
    private static final long MOST_MILLIS = 1_000_000_000_000L;

    private record Document(Results results) {}

    private record Results(Tool tool, List<Test> tests) {}

    private record Tool(String name) {}

    /** The suite is a text, or in newer versions a list from the outermost on. */
    private record Test(String name, String status, Object suite, double duration, String message) {}

    private CtrfReport() {}

    /**
     * The results in a file.
     *
     * @throws IOException if it is no such report; the message says what is wrong with it
     */
    public static List<TestEvent> read(Path file, String project, Attempt attempt, Instant readAt) throws IOException {
        Document document = ReportJson.read(file, WHAT, Document.class);
        if (document.results() == null || document.results().tests() == null) {
            throw ReportJson.wrong(file, WHAT, "it has no results with tests");
        }
        Tool tool = document.results().tool();
        String tests = tool == null || ReportJson.text(tool.name()).isEmpty() ? "tests" : tool.name();
        TestResults results = new TestResults(project, attempt, readAt);
        Map<String, Suite> suites = new LinkedHashMap<>();
        for (Test test : ReportJson.list(document.results().tests())) {
            Suite suite = suites.computeIfAbsent(suite(test).orElse(tests), Suite::new);
            add(results, suite, test);
        }
        suites.values().forEach(results::end);
        return results.events();
    }

    /** What neither passed nor failed, such as a pending test, has not been executed. */
    private static void add(TestResults results, Suite suite, Test test) {
        String name = ReportJson.text(test.name()).isEmpty() ? TestResults.UNNAMED : test.name();
        String status = ReportJson.text(test.status());
        String message = ReportJson.text(test.message());
        long millis = Math.round(Math.max(0, Math.min(MOST_MILLIS, test.duration())));
        if (status.equals("passed")) {
            results.ended(suite, suite.name(), name, millis, Optional.empty());
        } else if (status.equals("failed")) {
            results.ended(suite, suite.name(), name, millis, Optional.of(message));
        } else {
            results.skipped(suite, suite.name(), name, millis, message);
        }
    }

    private static Optional<String> suite(Test test) {
        if (test.suite() instanceof String text && !text.isEmpty()) {
            return Optional.of(text);
        }
        if (test.suite() instanceof List<?> parts && !parts.isEmpty()) {
            return Optional.of(
                    String.join(" > ", parts.stream().map(String::valueOf).toList()));
        }
        return Optional.empty();
    }
}
