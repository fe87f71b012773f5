package dev.flujo.runner;

import dev.flujo.event.JobEvent.ArtifactPublished;
import dev.flujo.event.Outcome;
import dev.flujo.event.TestEvent;
import dev.flujo.event.TestEvent.CaseFinished;
import dev.flujo.event.TestEvent.CaseSkipped;
import dev.flujo.event.TestSummary;
import dev.flujo.event.Topic;
import dev.flujo.event.Work;
import dev.flujo.kit.blob.Blob;
import dev.flujo.kit.blob.BlobStore;
import dev.flujo.kit.event.Reports;
import dev.flujo.runner.report.JunitReport;
import dev.flujo.runner.report.WorkspaceFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What an attempt has left in its workspace that others shall have: results of tests, and artifacts. */
final class JobResults {

    private final AttemptDirectory directory;
    private final Work work;
    private final Reports reports;

    JobResults(AttemptDirectory directory, Work work, Reports reports) {
        this.directory = directory;
        this.work = work;
        this.reports = reports;
    }

    /** Reports the results of tests, and gives them in numbers if the job has any; what cannot be read is a trouble. */
    Optional<TestSummary> tests(List<String> troubles) {
        List<TestEvent> events = new ArrayList<>();
        for (String glob : work.job().junit()) {
            try {
                for (Path file : WorkspaceFiles.matching(directory.workspace(), glob)) {
                    events.addAll(JunitReport.read(file, work.project(), work.attempt(), Instant.now()));
                }
            } catch (IOException e) {
                troubles.add(e.getMessage());
            }
        }
        for (int i = 0; i < events.size(); i++) {
            reports.send(Topic.TESTS, "test-" + i, events.get(i));
        }
        return work.job().junit().isEmpty() ? Optional.empty() : Optional.of(summary(events));
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
        String path = directory.workspace().relativize(file).toString();
        reports.send(
                Topic.BUILDS,
                "artifact-" + path,
                new ArtifactPublished(work.project(), work.attempt(), path, blob.bytes(), blob.sha256()));
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
