package dev.flujo.runner.report;

import dev.flujo.event.Attempt;
import dev.flujo.event.TestEvent;
import dev.flujo.runner.report.TestResults.Suite;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * Reads test results in JUnit's XML format, whatever tool wrote them: counts are taken from the cases, since some tools'
 * own are wrong.
 */
public final class JunitReport {

    /** What tools for Go write as every message; the text says more. */
    private static final String GO_FAILED = "Failed";

    private static final double MOST_SECONDS = 1e9;

    private final TestResults results;
    private final Deque<Suite> open = new ArrayDeque<>(List.of(new Suite("tests")));

    private JunitReport(TestResults results) {
        this.results = results;
    }

    /**
     * The results in a file.
     *
     * @throws IOException if it is no such report; the message says what is wrong with it
     */
    public static List<TestEvent> read(Path file, String project, Attempt attempt, Instant readAt) throws IOException {
        TestResults results = new TestResults(project, attempt, readAt);
        JunitReport report = new JunitReport(results);
        ReportXml.read(file, "a JUnit report", report::document);
        return results.events();
    }

    private void document(XMLStreamReader xml) throws XMLStreamException {
        boolean known = false;
        while (xml.hasNext()) {
            int event = xml.next();
            if (event == XMLStreamConstants.DTD) {
                throw new XMLStreamException("it has a document type, which is not read");
            }
            if (event == XMLStreamConstants.START_ELEMENT) {
                known |= start(xml);
            } else if (event == XMLStreamConstants.END_ELEMENT
                    && xml.getLocalName().equals("testsuite")) {
                results.end(open.pop());
            }
        }
        results.end(open.pop());
        if (!known) {
            throw new XMLStreamException("it has neither a testsuites nor a testsuite element");
        }
    }

    private boolean start(XMLStreamReader xml) throws XMLStreamException {
        String element = xml.getLocalName();
        if (element.equals("testcase")) {
            testCase(xml);
            return false;
        }
        if (element.equals("testsuite")) {
            open.push(new Suite(attribute(xml, "name").orElse("tests")));
        }
        return element.equals("testsuite") || element.equals("testsuites");
    }

    private void testCase(XMLStreamReader xml) throws XMLStreamException {
        Suite suite = open.element();
        String name = attribute(xml, "name").orElse(TestResults.UNNAMED);
        String owner = attribute(xml, "classname").orElse(suite.name());
        long millis = millis(attribute(xml, "time").orElse("0"));
        Optional<String> failure = Optional.empty();
        Optional<String> skip = Optional.empty();
        while (!(xml.next() == XMLStreamConstants.END_ELEMENT
                && xml.getLocalName().equals("testcase"))) {
            if (xml.getEventType() != XMLStreamConstants.START_ELEMENT) {
                continue;
            }
            String element = xml.getLocalName();
            if (element.equals("failure") || element.equals("error")) {
                failure = Optional.of(message(xml));
            } else if (element.equals("skipped")) {
                skip = Optional.of(message(xml));
            }
        }
        if (failure.isEmpty() && skip.isPresent()) {
            results.skipped(suite, owner, name, millis, skip.get());
        } else {
            results.ended(suite, owner, name, millis, failure);
        }
    }

    /** What an element says: some tools write an attribute, others only the text, and some a kind and a text. */
    private static String message(XMLStreamReader xml) throws XMLStreamException {
        Optional<String> message = attribute(xml, "message");
        Optional<String> type = attribute(xml, "type");
        if (message.isPresent() && !message.get().equals(GO_FAILED)) {
            return message.get();
        }
        String text = "";
        for (int event = xml.next(); event != XMLStreamConstants.END_ELEMENT; event = xml.next()) {
            if (event == XMLStreamConstants.START_ELEMENT) {
                throw new XMLStreamException(
                        "a failure holds elements, in line " + xml.getLocation().getLineNumber());
            }
            text = xml.hasText() && text.isEmpty() ? xml.getText().strip() : text;
        }
        return text.isEmpty() ? message.or(() -> type).orElse("") : text;
    }

    private static Optional<String> attribute(XMLStreamReader xml, String name) {
        return Optional.ofNullable(xml.getAttributeValue(null, name)).filter(text -> !text.isEmpty());
    }

    /** Old reports write thousands with a comma. */
    private static long millis(String seconds) {
        try {
            double value = Double.parseDouble(seconds.replace(",", ""));
            return Math.round(Math.max(0, Math.min(MOST_SECONDS, value)) * 1000);
        } catch (NumberFormatException e) {
            return 0;
        }
    }
}
