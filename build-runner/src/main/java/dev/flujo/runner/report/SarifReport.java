package dev.flujo.runner.report;

import dev.flujo.event.Attempt;
import dev.flujo.event.ReportEvent.Finding;
import dev.flujo.event.ReportEvent.FindingsReported;
import dev.flujo.event.ReportEvent.Level;
import dev.flujo.event.ReportEvent.ReportFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads findings in SARIF 2.1.0. What somebody has suppressed, what has gone since a baseline and what passed is none. */
public final class SarifReport {

    private static final String WHAT = "a SARIF 2.1.0 report";
    private static final int MOST_FINDINGS = 200;
    private static final int MOST_TOOLS = 20;
    private static final int MOST_MESSAGE = 500;

    private record Document(String version, List<Run> runs) {}

    private record Run(Tool tool, List<Result> results) {}

    private record Tool(Driver driver) {}

    private record Driver(String name, List<Rule> rules) {}

    private record Rule(String id, Configuration defaultConfiguration) {}

    private record Configuration(String level) {}

    private record Result(
            String ruleId,
            Integer ruleIndex,
            Rule rule,
            String level,
            String kind,
            String baselineState,
            Message message,
            List<Location> locations,
            List<Suppression> suppressions) {}

    private record Message(String text) {}

    private record Suppression(String status) {}

    private record Location(PhysicalLocation physicalLocation) {}

    private record PhysicalLocation(ArtifactLocation artifactLocation, Region region) {}

    private record ArtifactLocation(String uri) {}

    private record Region(Integer startLine) {}

    private SarifReport() {}

    /**
     * What a report says.
     *
     * @throws IOException if it is no such report; the message says what is wrong with it
     */
    public static FindingsReported read(Path file, String project, Attempt attempt, ReportFile stored)
            throws IOException {
        Document document = ReportJson.read(file, WHAT, Document.class);
        if (!ReportJson.text(document.version()).equals("2.1.0") || document.runs() == null) {
            throw ReportJson.wrong(
                    file,
                    WHAT,
                    document.runs() == null
                            ? "it has no runs"
                            : "its version is " + ReportText.beginning(ReportJson.text(document.version()), 20));
        }
        List<String> tools = new ArrayList<>();
        List<Finding> findings = new ArrayList<>();
        for (Run run : ReportJson.list(document.runs())) {
            Driver driver = run.tool() == null || run.tool().driver() == null
                    ? new Driver("", List.of())
                    : run.tool().driver();
            tools.add(ReportText.name(ReportJson.text(driver.name())));
            findings.addAll(findings(run, ReportJson.list(driver.rules())));
        }
        return new FindingsReported(
                project,
                attempt,
                stored,
                tools.stream().distinct().limit(MOST_TOOLS).toList(),
                count(findings, Level.ERROR),
                count(findings, Level.WARNING),
                count(findings, Level.NOTE),
                findings.stream()
                        .sorted(Comparator.comparing(Finding::level))
                        .limit(MOST_FINDINGS)
                        .toList());
    }

    private static List<Finding> findings(Run run, List<Rule> rules) {
        Map<String, Rule> byId = new HashMap<>();
        rules.forEach(rule -> byId.put(ReportJson.text(rule.id()), rule));
        List<Finding> findings = new ArrayList<>();
        for (Result result : ReportJson.list(run.results())) {
            if (counts(result)) {
                findings.add(finding(result, rule(result, rules, byId)));
            }
        }
        return findings;
    }

    private static boolean counts(Result result) {
        boolean suppressed = ReportJson.list(result.suppressions()).stream()
                .map(suppression -> ReportJson.text(suppression.status()))
                .anyMatch(status -> status.isEmpty() || status.equals("accepted"));
        return !suppressed
                && (result.kind() == null || result.kind().equals("fail"))
                && !"absent".equals(result.baselineState());
    }

    /** The rule that a result names by its id, or by its place among the rules of the tool. */
    private static Rule rule(Result result, List<Rule> rules, Map<String, Rule> byId) {
        String named = result.rule() == null ? null : result.rule().id();
        String id = ReportJson.text(result.ruleId() == null ? named : result.ruleId());
        Integer index = result.ruleIndex();
        if (byId.containsKey(id)) {
            return byId.get(id);
        }
        return index != null && index >= 0 && index < rules.size() ? rules.get(index) : new Rule(id, null);
    }

    private static Finding finding(Result result, Rule rule) {
        Optional<PhysicalLocation> place = ReportJson.list(result.locations()).stream()
                .map(Location::physicalLocation)
                .filter(location -> location != null)
                .findFirst();
        return new Finding(
                level(result, rule),
                ReportText.name(ReportJson.text(rule.id())),
                ReportText.beginning(
                        result.message() == null
                                ? ""
                                : ReportJson.text(result.message().text()),
                        MOST_MESSAGE),
                place.map(PhysicalLocation::artifactLocation)
                        .map(ArtifactLocation::uri)
                        .map(ReportText::name),
                place.map(PhysicalLocation::region).map(Region::startLine));
    }

    private static Level level(Result result, Rule rule) {
        Configuration usual = rule.defaultConfiguration();
        String level = result.level() != null || usual == null ? result.level() : usual.level();
        return switch (level == null ? "warning" : level) {
            case "error" -> Level.ERROR;
            case "note", "none" -> Level.NOTE;
            default -> Level.WARNING;
        };
    }

    private static int count(List<Finding> findings, Level level) {
        return (int)
                findings.stream().filter(finding -> finding.level() == level).count();
    }
}
