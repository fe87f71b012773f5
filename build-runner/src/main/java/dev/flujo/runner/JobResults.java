package dev.flujo.runner;

import dev.flujo.event.Attempt;
import dev.flujo.event.JobEvent.ArtifactPublished;
import dev.flujo.event.Outcome;
import dev.flujo.event.ReportEvent;
import dev.flujo.event.ReportEvent.ReportFile;
import dev.flujo.event.TestEvent;
import dev.flujo.event.TestEvent.CaseFinished;
import dev.flujo.event.TestEvent.CaseSkipped;
import dev.flujo.event.TestSummary;
import dev.flujo.event.Topic;
import dev.flujo.event.Work;
import dev.flujo.event.plan.Results;
import dev.flujo.kit.blob.Blob;
import dev.flujo.kit.blob.BlobStore;
import dev.flujo.kit.event.Reports;
import dev.flujo.runner.log.MaskedEvent;
import dev.flujo.runner.log.SecretMask;
import dev.flujo.runner.report.CoverageReport;
import dev.flujo.runner.report.CtrfReport;
import dev.flujo.runner.report.JunitReport;
import dev.flujo.runner.report.SarifReport;
import dev.flujo.runner.report.SbomReport;
import dev.flujo.runner.report.WorkspaceFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What an attempt has left in its workspace that others shall have: results of tests, what tools found, and artifacts. */
final class JobResults {

    private final AttemptDirectory directory;
    private final Work work;
    private final Reports reports;
    private final SecretMask mask;

    JobResults(AttemptDirectory directory, Work work, Reports reports, SecretMask mask) {
        this.directory = directory;
        this.work = work;
        this.reports = reports;
        this.mask = mask;
    }

    /** Reports the results of tests, and gives them in numbers if the job has any; what cannot be read is a trouble. */
    Optional<TestSummary> tests(List<String> troubles) {
        List<TestEvent> events = new ArrayList<>();
        List<String> ctrf = work.job().results().reports().ctrf();
        each(
                work.job().junit(),
                troubles,
                file -> events.addAll(JunitReport.read(file, work.project(), work.attempt(), Instant.now())));
        each(
                ctrf,
                troubles,
                file -> events.addAll(CtrfReport.read(file, work.project(), work.attempt(), Instant.now())));
        events.replaceAll(event -> MaskedEvent.of(event, mask));
        for (int i = 0; i < events.size(); i++) {
            reports.send(Topic.TESTS, "test-" + i, events.get(i));
        }
        return work.job().junit().isEmpty() && ctrf.isEmpty() ? Optional.empty() : Optional.of(summary(events));
    }

    /** Stores and tells what other tools have found; what cannot be read is a trouble. */
    void findings(BlobStore blobs, List<String> troubles) {
        Results.Reports wanted = work.job().results().reports();
        each(wanted.coverage(), troubles, file -> tell(file, blobs, CoverageReport::read));
        each(wanted.sarif(), troubles, file -> tell(file, blobs, SarifReport::read));
        each(wanted.sbom(), troubles, file -> tell(file, blobs, SbomReport::read));
    }

    /** Reads a report that is stored. */
    private interface ReportReader {
        ReportEvent read(Path file, String project, Attempt attempt, ReportFile stored) throws IOException;
    }

    private interface FileAction {
        void take(Path file) throws IOException;
    }

    private void each(List<String> globs, List<String> troubles, FileAction action) {
        for (String glob : globs) {
            try {
                for (Path file : WorkspaceFiles.matching(directory.workspace(), glob)) {
                    action.take(file);
                }
            } catch (IOException e) {
                troubles.add(e.getMessage());
            }
        }
    }

    private void tell(Path file, BlobStore blobs, ReportReader reader) throws IOException {
        Blob blob = blobs.put(file);
        ReportFile stored = new ReportFile(path(file), blob.bytes(), blob.sha256());
        ReportEvent event = MaskedEvent.of(reader.read(file, work.project(), work.attempt(), stored), mask);
        reports.send(Topic.TESTS, event.getClass().getSimpleName() + "-" + stored.path(), event);
    }

    /** Stores the artifacts and reports them; one that is missing or cannot be stored is a trouble. */
    void artifacts(BlobStore blobs, List<String> troubles) {
        for (String glob : work.job().artifacts()) {
            try {
                List<Path> files = WorkspaceFiles.matching(directory.workspace(), glob);
                if (files.isEmpty()) {
                    troubles.add("Expected artifacts at '" + glob + "', but the job made no file there");
                }
                for (Path file : files) {
                    publish(blobs.put(file), file);
                }
            } catch (IOException e) {
                troubles.add("artifact '" + glob + "' could not be stored: " + e.getMessage());
            }
        }
    }

    private void publish(Blob blob, Path file) {
        String path = path(file);
        reports.send(
                Topic.BUILDS,
                "artifact-" + path,
                new ArtifactPublished(work.project(), work.attempt(), path, blob.bytes(), blob.sha256()));
    }

    private String path(Path file) {
        return directory.workspace().relativize(file).toString();
    }

    private static TestSummary summary(List<TestEvent> events) {
        int passed = 0;
        int skipped = 0;
        List<String> failed = new ArrayList<>();
        for (TestEvent event : events) {
            if (event instanceof CaseFinished test && test.outcome() == Outcome.FAILED) {
                failed.add(test.suite() + "." + test.name());
            } else if (event instanceof CaseFinished) {
                passed++;
            } else if (event instanceof CaseSkipped) {
                skipped++;
            }
        }
        return new TestSummary(
                passed, failed.size(), skipped, failed.subList(0, Math.min(failed.size(), TestSummary.MOST_NAMES)));
    }
}
