package dev.flujo.runner.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.flujo.event.Attempt;
import dev.flujo.event.Outcome;
import dev.flujo.event.TestEvent;
import dev.flujo.event.TestEvent.CaseFinished;
import dev.flujo.event.TestEvent.CaseSkipped;
import dev.flujo.event.TestEvent.SuiteFinished;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JunitReportTest {

    private static final Attempt ATTEMPT = new Attempt(new UUID(0, 1), "build", 1);
    private static final Instant NOW = Instant.parse("2026-11-24T10:00:00Z");

    @TempDir
    Path directory;

    @Test
    void readsPassedFailedAndSkippedCasesAndCountsThemItself() throws IOException {
        List<TestEvent> events = read(
                """
                <testsuite name="shop" tests="99">
                  <testcase name="adds" classname="shop.CartTest" time="1,000.5"/>
                  <testcase name="removes" classname="shop.CartTest" time="0.25">
                    <failure message="expected 1 but was 2" type="AssertionError">trace</failure>
                  </testcase>
                  <testcase name="later" classname="shop.CartTest"><skipped message="not yet"/></testcase>
                </testsuite>
                """);

        assertEquals(
                List.of(
                        new CaseFinished(
                                "shop",
                                ATTEMPT,
                                "shop.CartTest",
                                "adds",
                                Outcome.SUCCEEDED,
                                1_000_500,
                                Optional.empty()),
                        new CaseFinished(
                                "shop",
                                ATTEMPT,
                                "shop.CartTest",
                                "removes",
                                Outcome.FAILED,
                                250,
                                Optional.of("expected 1 but was 2")),
                        new CaseSkipped("shop", ATTEMPT, "shop.CartTest", "later", Optional.of("not yet")),
                        new SuiteFinished("shop", ATTEMPT, "shop", 1, 1, 1, 1_000_750, NOW)),
                events);
    }

    @Test
    void readsNoExternalEntity() throws IOException {
        Path secret = Files.writeString(directory.resolve("secret"), "hidden");

        IOException refused = assertThrows(
                IOException.class,
                () -> read("<!DOCTYPE t [<!ENTITY x SYSTEM \"" + secret.toUri() + "\">]><testsuite name=\"&x;\">"
                        + "<testcase name=\"&x;\"/></testsuite>"));

        assertTrue(refused.getMessage().startsWith("Expected a JUnit report in report.xml, but"), refused.getMessage());
    }

    @Test
    void saysWhatIsWrongWithWhatIsNoReport() {
        assertTrue(assertThrows(IOException.class, () -> read("<html/>"))
                .getMessage()
                .contains("neither a testsuites nor a testsuite"));
        assertThrows(IOException.class, () -> read("no xml"));
    }

    @Test
    void expandsNoEntityOfItsOwnEither() {
        String bomb = "<!DOCTYPE t [<!ENTITY a \"ha\">" + entities() + "]><testsuite name=\"&e9;\"/>";

        assertThrows(IOException.class, () -> read(bomb));
    }

    @Test
    void saysThatAReportIsCutOff() {
        IOException refused =
                assertThrows(IOException.class, () -> read("<testsuite name=\"s\"><testcase name=\"a\"/><testcase na"));

        assertTrue(refused.getMessage().startsWith("Expected a JUnit report in report.xml, but"), refused.getMessage());
    }

    @Test
    void readsWhatPytestWrites() throws IOException {
        List<TestEvent> events = read(
                """
                <?xml version="1.0" encoding="utf-8"?><testsuites name="pytest tests"><testsuite name="pytest" errors="1"
                 failures="1" skipped="1" tests="4" time="0.043" timestamp="2026-01-01T10:00:00" hostname="h">
                <testcase classname="test_cart" name="test_adds[1-2]" time="0.001" />
                <testcase classname="test_cart" name="test_fails" time="0.002"><failure message="assert 1 == 2">def
                 test_fails(): &gt; assert 1 == 2</failure></testcase>
                <testcase classname="test_cart" name="test_broken" time="0.003"><error message="failed on setup">trace</error>
                <system-out>words</system-out></testcase>
                <testcase classname="test_cart" name="test_later" time="0"><skipped type="pytest.skip"
                 message="not yet">/x/test_cart.py:9: not yet</skipped></testcase></testsuite></testsuites>
                """);

        assertEquals(new SuiteFinished("shop", ATTEMPT, "pytest", 1, 2, 1, 6, NOW), events.get(4));
        assertEquals(
                new CaseFinished(
                        "shop", ATTEMPT, "test_cart", "test_broken", Outcome.FAILED, 3, Optional.of("failed on setup")),
                events.get(2));
        assertEquals(
                new CaseSkipped("shop", ATTEMPT, "test_cart", "test_later", Optional.of("not yet")), events.get(3));
    }

    @Test
    void readsWhatGradleWrites() throws IOException {
        List<TestEvent> events = read(
                """
                <?xml version="1.0" encoding="UTF-8"?>
                <testsuite name="shop.CartTest" tests="2" skipped="0" failures="1" errors="0" hostname="h" time="0.02">
                  <properties/>
                  <testcase name="adds()" classname="shop.CartTest" time="0.015"/>
                  <testcase name="removes()" classname="shop.CartTest" time="0.001">
                    <failure message="org.opentest4j.AssertionFailedError: no" type="org.opentest4j.AssertionFailedError">at
                    shop.CartTest</failure>
                  </testcase>
                  <system-out><![CDATA[<testcase name="printed"/>]]></system-out>
                  <system-err><![CDATA[]]></system-err>
                </testsuite>
                """);

        assertEquals(3, events.size());
        assertEquals(new SuiteFinished("shop", ATTEMPT, "shop.CartTest", 1, 1, 0, 16, NOW), events.get(2));
    }

    @Test
    void countsACaseOfSurefireThatPassedInTheEndAsPassed() throws IOException {
        List<TestEvent> events = read(
                """
                <testsuite name="shop.CartTest" time="0.1" tests="1" errors="0" skipped="0" failures="0" flakes="1">
                  <properties><property name="a" value="b"/></properties>
                  <testcase name="adds" classname="shop.CartTest" time="0.1">
                    <flakyFailure message="no" type="AssertionError"><stackTrace>at shop</stackTrace></flakyFailure>
                  </testcase>
                </testsuite>
                """);

        assertEquals(new SuiteFinished("shop", ATTEMPT, "shop.CartTest", 1, 0, 0, 100, NOW), events.get(1));
    }

    @Test
    void countsCasesForTheSuiteThatTheyLieIn() throws IOException {
        List<TestEvent> events = read(
                """
                <testsuites><testsuite name="outer"><testcase name="a"/>
                <testsuite name="inner"><testcase name="b"/></testsuite>
                <testcase name="c"/></testsuite><testcase name="d"/></testsuites>
                """);

        assertEquals(
                List.of("inner 1", "outer 2", "tests 1"),
                events.stream()
                        .filter(SuiteFinished.class::isInstance)
                        .map(SuiteFinished.class::cast)
                        .map(suite -> suite.suite() + " " + suite.passed())
                        .toList());
    }

    @Test
    void keepsNamesAndTimesWithinBounds() throws IOException {
        String name = "x".repeat(499) + "\uD83D\uDE00" + "y".repeat(2_000_000);
        List<TestEvent> events = read("<testsuite name=\"" + name + "\"><testcase name=\"" + name
                + "\" time=\"1e300\"/><testcase name=\"" + name + "z\" time=\"NaN\"/></testsuite>");

        CaseFinished first = (CaseFinished) events.get(0);
        CaseFinished second = (CaseFinished) events.get(1);
        assertTrue(
                first.name().startsWith("x".repeat(499) + "… ") && first.name().length() < 520, first.name());
        assertNotEquals(first.name(), second.name());
        assertEquals(1_000_000_000_000L, first.millis());
        assertEquals(0, second.millis());
    }

    private static String entities() {
        StringBuilder text = new StringBuilder();
        for (int i = 1; i < 10; i++) {
            text.append("<!ENTITY e")
                    .append(i)
                    .append(" \"")
                    .append(("&" + (i == 1 ? "a" : "e" + (i - 1)) + ";").repeat(10));
            text.append("\">");
        }
        return text.toString();
    }

    private List<TestEvent> read(String xml) throws IOException {
        Path file = Files.writeString(directory.resolve("report.xml"), xml);
        return JunitReport.read(file, "shop", ATTEMPT, NOW);
    }
}
