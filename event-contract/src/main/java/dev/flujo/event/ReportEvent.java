package dev.flujo.event;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What a tool has found in a job, read from the report that it wrote: numbers of all of it, and of the rest as much as fits
 * an event. The report itself lies in the blob store.
 */
public sealed interface ReportEvent extends Event {

    String project();

    Attempt attempt();

    ReportFile file();

    @Override
    default String subject() {
        return attempt().id() + "/" + file().path();
    }

    /** Where the report lay in the workspace, and its bytes in the blob store. */
    record ReportFile(String path, long bytes, String sha256) {

        public ReportFile {
            Objects.requireNonNull(path, "path");
            Objects.requireNonNull(sha256, "sha256");
        }
    }

    /** How many lines or branches tests have reached, and how many not. */
    record Covered(long covered, long missed) {

        /** Both together. */
        public Covered plus(Covered other) {
            return new Covered(covered + other.covered, missed + other.missed);
        }
    }

    /** How far tests reach into one file of the program. */
    record FileCoverage(String name, Covered lines) {

        public FileCoverage {
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(lines, "lines");
        }
    }

    /**
     * How far tests reach into the program.
     *
     * @param files those with the most missed lines
     */
    record CoverageMeasured(
            String project,
            Attempt attempt,
            ReportFile file,
            String format,
            Covered lines,
            Covered branches,
            List<FileCoverage> files)
            implements ReportEvent {

        public CoverageMeasured {
            Objects.requireNonNull(project, "project");
            Objects.requireNonNull(attempt, "attempt");
            Objects.requireNonNull(file, "file");
            Objects.requireNonNull(format, "format");
            Objects.requireNonNull(lines, "lines");
            Objects.requireNonNull(branches, "branches");
            files = files == null ? List.of() : List.copyOf(files);
        }
    }

    /** How bad a finding is. */
    enum Level {
        ERROR,
        WARNING,
        NOTE
    }

    /** One thing that a tool has to say of the program. */
    record Finding(Level level, String rule, String message, Optional<String> path, Optional<Integer> line) {

        public Finding {
            Objects.requireNonNull(level, "level");
            Objects.requireNonNull(rule, "rule");
            Objects.requireNonNull(message, "message");
            path = path == null ? Optional.empty() : path;
            line = line == null ? Optional.empty() : line;
        }
    }

    /**
     * What an analysis has found.
     *
     * @param findings the worst
     */
    record FindingsReported(
            String project,
            Attempt attempt,
            ReportFile file,
            List<String> tools,
            int errors,
            int warnings,
            int notes,
            List<Finding> findings)
            implements ReportEvent {

        public FindingsReported {
            Objects.requireNonNull(project, "project");
            Objects.requireNonNull(attempt, "attempt");
            Objects.requireNonNull(file, "file");
            tools = tools == null ? List.of() : List.copyOf(tools);
            findings = findings == null ? List.of() : List.copyOf(findings);
        }
    }

    /** One part of a program that comes from elsewhere; its package URL is what others know it by. */
    record Component(String name, Optional<String> version, Optional<String> purl) {

        public Component {
            Objects.requireNonNull(name, "name");
            version = version == null ? Optional.empty() : version;
            purl = purl == null ? Optional.empty() : purl;
        }
    }

    /**
     * What the program consists of.
     *
     * @param count how many components there are
     * @param components the first of them
     */
    record ComponentsListed(
            String project, Attempt attempt, ReportFile file, String format, int count, List<Component> components)
            implements ReportEvent {

        public ComponentsListed {
            Objects.requireNonNull(project, "project");
            Objects.requireNonNull(attempt, "attempt");
            Objects.requireNonNull(file, "file");
            Objects.requireNonNull(format, "format");
            components = components == null ? List.of() : List.copyOf(components);
        }
    }
}
