package dev.flujo.runner.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
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

    private List<TestEvent> read(String xml) throws IOException {
        Path file = Files.writeString(directory.resolve("report.xml"), xml);
        return JunitReport.read(file, "shop", ATTEMPT, NOW);
    }
}
