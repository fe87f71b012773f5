package dev.flujo.runner.report;

import dev.flujo.event.Attempt;
import dev.flujo.event.ReportEvent.CoverageMeasured;
import dev.flujo.event.ReportEvent.Covered;
import dev.flujo.event.ReportEvent.FileCoverage;
import dev.flujo.event.ReportEvent.ReportFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/** Reads how far tests reach, as JaCoCo and Cobertura write it in XML. Numbers are taken from files and lines, not from rates. */
public final class CoverageReport {

    private static final int MOST_FILES = 200;
    private static final Covered NONE = new Covered(0, 0);
    private static final Pattern CONDITIONS = Pattern.compile(".*\\((\\d{1,9})/(\\d{1,9})\\).*");

    private final Deque<String> open = new ArrayDeque<>();
    private final Map<String, Covered> files = new HashMap<>();
    private String format = "";
    private String packageName = "";
    private String file = "";
    private Covered lines = NONE;
    private Covered branches = NONE;

    private CoverageReport() {}

    /**
     * What a report says.
     *
     * @throws IOException if it is of neither format; the message says what is wrong with it
     */
    public static CoverageMeasured read(Path path, String project, Attempt attempt, ReportFile stored)
            throws IOException {
        CoverageReport report = new CoverageReport();
        ReportXml.read(path, "a coverage report of JaCoCo or Cobertura", report::document);
        List<FileCoverage> worst = report.files.entrySet().stream()
                .map(entry -> new FileCoverage(ReportText.name(entry.getKey()), entry.getValue()))
                .sorted(Comparator.comparing(
                                (FileCoverage covered) -> -covered.lines().missed())
                        .thenComparing(FileCoverage::name))
                .limit(MOST_FILES)
                .toList();
        return new CoverageMeasured(project, attempt, stored, report.format, report.lines, report.branches, worst);
    }

    private void document(XMLStreamReader xml) throws XMLStreamException {
        while (xml.hasNext()) {
            int event = xml.next();
            if (event == XMLStreamConstants.START_ELEMENT) {
                start(xml);
                open.push(xml.getLocalName());
            } else if (event == XMLStreamConstants.END_ELEMENT) {
                open.pop();
            }
        }
    }

    private void start(XMLStreamReader xml) throws XMLStreamException {
        String element = xml.getLocalName();
        if (open.isEmpty()) {
            format = formatOf(element);
        }
        switch (element) {
            case "package" -> packageName = attribute(xml, "name");
            case "sourcefile" -> file = packageName + "/" + attribute(xml, "name");
            case "class" -> file = attribute(xml, "filename");
            case "counter" -> counter(xml);
            case "line" -> line(xml);
            default -> {
                // What else there is says the same in other words.
            }
        }
    }

    private static String formatOf(String root) throws XMLStreamException {
        return switch (root) {
            case "report" -> "JaCoCo";
            case "coverage" -> "Cobertura";
            default -> throw new XMLStreamException("it begins with the element " + ReportText.beginning(root, 80));
        };
    }

    /** JaCoCo's counters stand once for each level; those of the whole and of files count. */
    private void counter(XMLStreamReader xml) throws XMLStreamException {
        String type = attribute(xml, "type");
        Covered count = new Covered(number(xml, "covered"), number(xml, "missed"));
        if (open.element().equals("report")) {
            lines = type.equals("LINE") ? count : lines;
            branches = type.equals("BRANCH") ? count : branches;
        } else if (open.element().equals("sourcefile") && type.equals("LINE")) {
            files.merge(file, count, Covered::plus);
        }
    }

    /** Cobertura's lines stand below their class, and again below its methods. */
    private void line(XMLStreamReader xml) throws XMLStreamException {
        if (!format.equals("Cobertura") || open.contains("method")) {
            return;
        }
        Covered line = number(xml, "hits") > 0 ? new Covered(1, 0) : new Covered(0, 1);
        lines = lines.plus(line);
        files.merge(file, line, Covered::plus);
        Matcher conditions = CONDITIONS.matcher(attribute(xml, "condition-coverage"));
        if (conditions.matches()) {
            long covered = Long.parseLong(conditions.group(1));
            branches = branches.plus(new Covered(covered, Math.max(0, Long.parseLong(conditions.group(2)) - covered)));
        }
    }

    private static long number(XMLStreamReader xml, String name) throws XMLStreamException {
        String text = attribute(xml, name);
        if (!text.matches("\\d{1,15}")) {
            throw new XMLStreamException("an element " + xml.getLocalName() + " in line "
                    + xml.getLocation().getLineNumber() + " has no number in " + name);
        }
        return Long.parseLong(text);
    }

    private static String attribute(XMLStreamReader xml, String name) {
        String value = xml.getAttributeValue(null, name);
        return value == null ? "" : value;
    }
}
