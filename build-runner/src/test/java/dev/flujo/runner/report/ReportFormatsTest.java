package dev.flujo.runner.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.flujo.event.Attempt;
import dev.flujo.event.Outcome;
import dev.flujo.event.ReportEvent;
import dev.flujo.event.ReportEvent.Component;
import dev.flujo.event.ReportEvent.ComponentsListed;
import dev.flujo.event.ReportEvent.CoverageMeasured;
import dev.flujo.event.ReportEvent.Covered;
import dev.flujo.event.ReportEvent.FileCoverage;
import dev.flujo.event.ReportEvent.Finding;
import dev.flujo.event.ReportEvent.FindingsReported;
import dev.flujo.event.ReportEvent.Level;
import dev.flujo.event.ReportEvent.ReportFile;
import dev.flujo.event.TestEvent;
import dev.flujo.event.TestEvent.CaseFinished;
import dev.flujo.event.TestEvent.CaseSkipped;
import dev.flujo.event.TestEvent.SuiteFinished;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files as the tools write them. */
class ReportFormatsTest {

    private static final Path FILES = Path.of("src/test/resources/dev/flujo/runner/report");
    private static final Attempt ATTEMPT = new Attempt(new UUID(0, 1), "build", 1);
    private static final Instant NOW = Instant.parse("2026-11-24T10:00:00Z");
    private static final ReportFile STORED = new ReportFile("report", 7, "0".repeat(64));

    private interface Reader {
        ReportEvent read(Path file, String project, Attempt attempt, ReportFile stored) throws IOException;
    }

    @TempDir
    Path directory;

    @Test
    void readsWhatSurefireWrites() throws IOException {
        assertEquals(
                List.of(
                        "SUCCEEDED shop.CartTest/addsUp 12",
                        "FAILED shop.CartTest/takesTaxes 500 expected: <19> but was: <7>",
                        "FAILED shop.CartTest/readsPrices 700 java.io.IOException|\tat shop.Prices.read(Prices.java:12)",
                        "SKIPPED shop.CartTest/sellsUmbrellas only when it rains",
                        "shop.CartTest 1 2 1"),
                junit("surefire.xml"));
    }

    @Test
    void readsWhatGradleWrites() throws IOException {
        assertEquals(
                List.of(
                        "SUCCEEDED shop.StockTest/counts down to zero 20",
                        "FAILED shop.StockTest/refuses less than nothing(int)[1] 25"
                                + " java.lang.AssertionError: less than nothing",
                        "SKIPPED shop.StockTest/orders again ",
                        "shop.StockTest 1 1 1"),
                junit("gradle.xml"));
    }

    @Test
    void readsWhatPytestWrites() throws IOException {
        assertEquals(
                List.of(
                        "SUCCEEDED tests.test_cart/test_adds_up[3-4] 1",
                        "FAILED tests.test_cart/test_takes_taxes 2 assert 7 == 19| +  where 7 = taxes(100)",
                        "SKIPPED tests.test_cart/test_sells_umbrellas only when it rains",
                        "FAILED pytest/tests.test_prices 0 collection failure",
                        "pytest 1 2 1"),
                junit("pytest.xml"));
    }

    @Test
    void readsWhatJestWrites() throws IOException {
        assertEquals(
                List.of(
                        "SUCCEEDED cart adds up/cart adds up 4",
                        "FAILED cart takes taxes/cart takes taxes 6 Error: expect(received).toBe(expected) // Object.is"
                                + " equality||Expected: 19|Received: 7|    at Object.toBe (/build/cart.test.js:8:24)",
                        "SKIPPED cart sells umbrellas/cart sells umbrellas ",
                        "cart 1 1 1",
                        "SUCCEEDED prices are read/prices are read 300",
                        "prices 1 0 0"),
                junit("jest.xml"));
    }

    @Test
    void readsWhatGoToolsWrite() throws IOException {
        assertEquals(
                List.of(
                        "SUCCEEDED example.com/shop/cart/TestAddsUp/small 10",
                        "FAILED example.com/shop/cart/TestTakesTaxes 20 === RUN   TestTakesTaxes|"
                                + "    cart_test.go:12: want 19, got 7|--- FAIL: TestTakesTaxes (0.02s)",
                        "SKIPPED example.com/shop/cart/TestSellsUmbrellas === RUN   TestSellsUmbrellas|"
                                + "    cart_test.go:20: only when it rains|--- SKIP: TestSellsUmbrellas (0.00s)|",
                        "example.com/shop/cart 1 1 1",
                        "SUCCEEDED example.com/shop/prices/TestReads 100",
                        "example.com/shop/prices 1 0 0"),
                junit("go.xml"));
    }

    @Test
    void readsCtrfAndCountsItsTestsItself() throws IOException {
        assertEquals(
                List.of(
                        "SUCCEEDED cart/adds up 120",
                        "FAILED shop > cart/takes taxes 341 expected 19, got 7",
                        "SKIPPED cart/sells umbrellas ",
                        "SKIPPED playwright/reads prices ",
                        "SUCCEEDED playwright/opens 40",
                        "cart 1 0 1",
                        "shop > cart 0 1 0",
                        "playwright 1 0 1"),
                told(CtrfReport.read(FILES.resolve("ctrf.json"), "shop", ATTEMPT, NOW)));
    }

    @Test
    void readsCoverageOfJacoco() throws IOException {
        assertEquals(
                new CoverageMeasured(
                        "shop",
                        ATTEMPT,
                        STORED,
                        "JaCoCo",
                        new Covered(9, 7),
                        new Covered(3, 1),
                        List.of(
                                new FileCoverage("shop/Stock.java", new Covered(1, 5)),
                                new FileCoverage("shop/Cart.java", new Covered(8, 2)))),
                read(CoverageReport::read, "jacoco.xml"));
    }

    @Test
    void readsCoverageOfCoberturaAndCountsItsLinesItself() throws IOException {
        assertEquals(
                new CoverageMeasured(
                        "shop",
                        ATTEMPT,
                        STORED,
                        "Cobertura",
                        new Covered(3, 1),
                        new Covered(1, 1),
                        List.of(
                                new FileCoverage("shop/cart.py", new Covered(2, 1)),
                                new FileCoverage("shop/stock.py", new Covered(1, 0)))),
                read(CoverageReport::read, "cobertura.xml"));
    }

    @Test
    void readsFindingsWorstFirstAndLeavesOutWhatIsNone() throws IOException {
        assertEquals(
                new FindingsReported(
                        "shop",
                        ATTEMPT,
                        STORED,
                        List.of("Scanner"),
                        1,
                        1,
                        1,
                        List.of(
                                new Finding(
                                        Level.ERROR,
                                        "sql-injection",
                                        "a query from a text of the user",
                                        Optional.of("src/Cart.java"),
                                        Optional.of(42)),
                                new Finding(Level.WARNING, "style", "a long line", Optional.empty(), Optional.empty()),
                                new Finding(
                                        Level.NOTE,
                                        "weak-hash",
                                        "MD5 is used",
                                        Optional.of("src/Hash.java"),
                                        Optional.of(7)))),
                read(SarifReport::read, "findings.sarif"));
    }

    @Test
    void readsBillsOfMaterialsAndCountsWhatLiesInComponents() throws IOException {
        assertEquals(
                new ComponentsListed(
                        "shop",
                        ATTEMPT,
                        STORED,
                        "CycloneDX 1.6",
                        4,
                        List.of(
                                new Component(
                                        "org.example/prices",
                                        Optional.of("2.1.0"),
                                        Optional.of("pkg:maven/org.example/prices@2.1.0?type=jar")),
                                new Component("left-pad", Optional.of("1.3.0"), Optional.of("pkg:npm/left-pad@1.3.0")),
                                new Component("logo.png", Optional.empty(), Optional.empty()))),
                read(SbomReport::read, "bom.json"));
    }

    @Test
    void tellsNoMoreThanFitsAnEvent() throws IOException {
        String result =
                "{\"ruleId\": \"%s\", \"message\": {\"text\": \"%s\"}}".formatted("r".repeat(2000), "m".repeat(2000));
        String results = String.join(",", java.util.Collections.nCopies(3000, result));

        FindingsReported told = SarifReport.read(
                write("{\"version\": \"2.1.0\", \"runs\": [{\"results\": [" + results + "]}]}"),
                "shop",
                ATTEMPT,
                STORED);

        assertEquals(3000, told.warnings());
        assertEquals(200, told.findings().size());
        assertTrue(
                told.findings().get(0).rule().length() < 520,
                told.findings().get(0).rule());
        assertEquals(500, told.findings().get(0).message().length());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "<coverage",
                "<html/>",
                "<coverage><packages><line number='1' hits='many'/></packages></coverage>",
                "<report><counter type='LINE' missed='-1' covered='1'/></report>",
                "<!DOCTYPE report [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;&a;\">]><report name=\"&b;\"/>",
                "<!DOCTYPE report [<!ENTITY a SYSTEM \"file:///etc/passwd\">]><report name=\"&a;\"/>",
            })
    void saysInOneSentenceWhyAFileIsNoCoverage(String text) {
        assertRefused("Expected a coverage report of JaCoCo or Cobertura in report, but ", text, CoverageReport::read);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "null",
                "{}",
                "{\"version\": \"2.0.0\", \"runs\": []}",
                "{\"version\": \"2.1.0\"}",
                "{\"version\": \"2.1.0\", \"runs\": [{\"results\": 7}]}",
                "{\"version\": \"2.1.0\", \"runs\": [",
            })
    void saysInOneSentenceWhyAFileHasNoFindings(String text) {
        assertRefused("Expected a SARIF 2.1.0 report in report, but ", text, SarifReport::read);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "[]", "null", "{\"bomFormat\": \"SPDX\"}", "{\"bomFormat\": \"CycloneDX\", \"components\": {"
            })
    void saysInOneSentenceWhyAFileIsNoBill(String text) {
        assertRefused("Expected a CycloneDX bill of materials in JSON in report, but ", text, SbomReport::read);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{}", "{\"results\": {}}", "{\"results\": {\"tests\": [{\"duration\": \"long\"}]}}"})
    void saysInOneSentenceWhyAFileIsNoCtrf(String text) {
        assertRefused("Expected a CTRF report in report, but ", text, (file, project, attempt, unused) -> {
            CtrfReport.read(file, project, attempt, NOW);
            throw new AssertionError("it was read");
        });
    }

    @Test
    void readsNothingThatLiesTooDeep() {
        assertRefused(
                "Expected a coverage report of JaCoCo or Cobertura in report, but its elements lie more than 100 deep",
                "<report>" + "<group>".repeat(200),
                CoverageReport::read);
        assertRefused(
                "Expected a CycloneDX bill of materials in JSON in report, but ",
                "{\"bomFormat\": \"CycloneDX\", \"components\": " + "[{\"components\":".repeat(200),
                SbomReport::read);
    }

    @Test
    void takesNullsForNothing() throws IOException {
        SbomReport.read(write("{\"bomFormat\": \"CycloneDX\", \"components\": [null, {}]}"), "shop", ATTEMPT, STORED);
        SarifReport.read(
                write(
                        "{\"version\": \"2.1.0\", \"runs\": [null, {\"tool\": null, \"results\": [null, {\"message\": null,"
                                + " \"locations\": [null, {}]}]}]}"),
                "shop",
                ATTEMPT,
                STORED);
        CtrfReport.read(write("{\"results\": {\"tests\": [null, {}]}}"), "shop", ATTEMPT, NOW);
    }

    private void assertRefused(String beginning, String text, Reader reader) {
        IOException refused =
                assertThrows(IOException.class, () -> reader.read(write(text), "shop", ATTEMPT, STORED), text);

        assertTrue(refused.getMessage().startsWith(beginning), refused.getMessage());
        assertEquals(1, refused.getMessage().lines().count(), refused.getMessage());
    }

    private Path write(String text) throws IOException {
        return Files.writeString(directory.resolve("report"), text);
    }

    private static ReportEvent read(Reader reader, String file) throws IOException {
        return reader.read(FILES.resolve(file), "shop", ATTEMPT, STORED);
    }

    private static List<String> junit(String file) throws IOException {
        return told(JunitReport.read(FILES.resolve(file), "shop", ATTEMPT, NOW));
    }

    private static List<String> told(List<TestEvent> events) {
        List<String> told = new ArrayList<>();
        for (TestEvent event : events) {
            if (event instanceof CaseFinished test) {
                told.add(test.outcome() + " " + test.suite() + "/" + test.name() + " " + test.millis()
                        + test.message()
                                .map(text -> " " + text.replace('\n', '|'))
                                .orElse(""));
                assertTrue(test.outcome() == Outcome.FAILED || test.message().isEmpty());
            } else if (event instanceof CaseSkipped test) {
                told.add("SKIPPED " + test.suite() + "/" + test.name() + " "
                        + test.message().orElse("").replace('\n', '|'));
            } else if (event instanceof SuiteFinished suite) {
                told.add(suite.suite() + " " + suite.passed() + " " + suite.failed() + " " + suite.skipped());
            }
        }
        return told;
    }
}
