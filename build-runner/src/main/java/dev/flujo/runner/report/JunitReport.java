package dev.flujo.runner.report;

import dev.flujo.event.Attempt;
import dev.flujo.event.Outcome;
import dev.flujo.event.TestEvent;
import dev.flujo.event.TestEvent.CaseFinished;
import dev.flujo.event.TestEvent.CaseSkipped;
import dev.flujo.event.TestEvent.SuiteFinished;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * Reads test results in JUnit's XML format, whatever tool wrote them: counts are taken from the cases, since some tools'
 * own are wrong. Document types and external entities are not processed.
 */
public final class JunitReport {

    private static final long MOST_BYTES = 64L * 1024 * 1024;
    private static final int MOST_MESSAGE = 4_000;
    private static final int MOST_NAME = 500;
    private static final double MOST_SECONDS = 1e9;
    private static final XMLInputFactory FACTORY = factory();

    private final String project;
    private final Attempt attempt;
    private final Instant readAt;
    private final List<TestEvent> events = new ArrayList<>();
    private final Deque<Suite> open = new ArrayDeque<>(List.of(new Suite("tests")));

    /** A suite whose cases are being counted; suites may hold suites. */
    private static final class Suite {
        private final String name;
        private int passed;
        private int failed;
        private int skipped;
        private long millis;

        Suite(String name) {
            this.name = name;
        }
    }

    private JunitReport(String project, Attempt attempt, Instant readAt) {
        this.project = project;
        this.attempt = attempt;
        this.readAt = readAt;
    }

    /**
     * The results in a file.
     *
     * @throws IOException if it is no such report; the message says what is wrong with it
     */
    public static List<TestEvent> read(Path file, String project, Attempt attempt, Instant readAt) throws IOException {
        if (Files.size(file) > MOST_BYTES) {
            throw new IOException("Expected a report of at most " + MOST_BYTES + " bytes, but " + file.getFileName()
                    + " has " + Files.size(file));
        }
        JunitReport report = new JunitReport(project, attempt, readAt);
        try (InputStream in = Files.newInputStream(file)) {
            XMLStreamReader xml = FACTORY.createXMLStreamReader(in);
            report.document(xml);
            xml.close();
        } catch (XMLStreamException e) {
            throw new IOException(
                    "Expected a JUnit report in " + file.getFileName() + ", but "
                            + String.valueOf(e.getMessage()).lines().findFirst().orElse("it is no XML"),
                    e);
        }
        return report.events;
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
                endSuite();
            }
        }
        endSuite();
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
            open.push(new Suite(attribute(xml, "name").map(JunitReport::name).orElse("tests")));
        }
        return element.equals("testsuite") || element.equals("testsuites");
    }

    private void endSuite() {
        Suite suite = open.pop();
        if (suite.passed + suite.failed + suite.skipped > 0) {
            events.add(new SuiteFinished(
                    project, attempt, suite.name, suite.passed, suite.failed, suite.skipped, suite.millis, readAt));
        }
    }

    private void testCase(XMLStreamReader xml) throws XMLStreamException {
        Suite suite = open.element();
        String name = attribute(xml, "name").map(JunitReport::name).orElse("unnamed");
        String owner = attribute(xml, "classname")
                .filter(text -> !text.isEmpty())
                .map(JunitReport::name)
                .orElse(suite.name);
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
        suite.millis += millis;
        if (failure.isEmpty() && skip.isPresent()) {
            suite.skipped++;
            events.add(new CaseSkipped(project, attempt, owner, name, skip.filter(text -> !text.isEmpty())));
            return;
        }
        suite.failed += failure.isPresent() ? 1 : 0;
        suite.passed += failure.isPresent() ? 0 : 1;
        Outcome outcome = failure.isPresent() ? Outcome.FAILED : Outcome.SUCCEEDED;
        events.add(new CaseFinished(project, attempt, owner, name, outcome, millis, failure));
    }

    private static String message(XMLStreamReader xml) {
        String text = attribute(xml, "message").or(() -> attribute(xml, "type")).orElse("");
        return beginning(text, MOST_MESSAGE);
    }

    /** Names are kept short, and different: some tools put whole parameters in them. */
    private static String name(String text) {
        return text.length() <= MOST_NAME
                ? text
                : beginning(text, MOST_NAME) + "… " + Integer.toHexString(text.hashCode());
    }

    /** At most so much of a text; no character is cut in two. */
    private static String beginning(String text, int most) {
        if (text.length() <= most) {
            return text;
        }
        return text.substring(0, Character.isHighSurrogate(text.charAt(most - 1)) ? most - 1 : most);
    }

    private static Optional<String> attribute(XMLStreamReader xml, String name) {
        return Optional.ofNullable(xml.getAttributeValue(null, name));
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

    private static XMLInputFactory factory() {
        XMLInputFactory factory = XMLInputFactory.newInstance();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        factory.setProperty(XMLInputFactory.IS_COALESCING, true);
        return factory;
    }
}
