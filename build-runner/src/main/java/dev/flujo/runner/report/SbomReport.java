package dev.flujo.runner.report;

import dev.flujo.event.Attempt;
import dev.flujo.event.ReportEvent.Component;
import dev.flujo.event.ReportEvent.ComponentsListed;
import dev.flujo.event.ReportEvent.ReportFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Reads software bills of materials in CycloneDX's JSON. */
public final class SbomReport {

    private static final String WHAT = "a CycloneDX bill of materials in JSON";
    private static final int MOST_COMPONENTS = 500;

    private record Document(String bomFormat, String specVersion, List<Part> components) {}

    /** A component, which may hold others. */
    private record Part(String group, String name, String version, String purl, List<Part> components) {}

    private SbomReport() {}

    /**
     * What a bill says.
     *
     * @throws IOException if it is none; the message says what is wrong with it
     */
    public static ComponentsListed read(Path file, String project, Attempt attempt, ReportFile stored)
            throws IOException {
        Document document = ReportJson.read(file, WHAT, Document.class);
        if (!ReportJson.text(document.bomFormat()).equals("CycloneDX")) {
            throw ReportJson.wrong(file, WHAT, "its bomFormat is not CycloneDX");
        }
        List<Part> parts = ReportJson.list(document.components());
        return new ComponentsListed(
                project,
                attempt,
                stored,
                "CycloneDX " + ReportText.beginning(ReportJson.text(document.specVersion()), 20),
                count(parts),
                parts.stream().limit(MOST_COMPONENTS).map(SbomReport::component).toList());
    }

    private static int count(List<Part> parts) {
        int count = 0;
        for (Part part : parts) {
            count += 1 + count(ReportJson.list(part.components()));
        }
        return count;
    }

    private static Component component(Part part) {
        String name = ReportJson.text(part.name());
        String group = ReportJson.text(part.group());
        return new Component(
                ReportText.name(group.isEmpty() ? name : group + "/" + name),
                Optional.ofNullable(part.version()).map(ReportText::name),
                Optional.ofNullable(part.purl()).map(ReportText::name));
    }
}
