package dev.flujo.runner;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.flujo.event.JobEvent.Leaves;
import dev.flujo.event.JobEvent.Output;
import dev.flujo.event.Outcome;
import dev.flujo.event.Work;
import dev.flujo.event.plan.Job;
import dev.flujo.event.plan.Results;
import dev.flujo.kit.blob.BlobStore;
import dev.flujo.kit.blob.FileBlobStore;
import dev.flujo.runner.log.SecretMask;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HandoverTest {

    @TempDir
    Path root;

    private final List<String> troubles = new ArrayList<>();
    private AttemptDirectory directory;
    private BlobStore blobs;

    @BeforeEach
    void make() throws IOException {
        directory = new AttemptDirectory(root.resolve("attempt"));
        Files.createDirectories(directory.workspace());
        blobs = new FileBlobStore(root.resolve("blobs"));
    }

    @Test
    void takesOutputsAsFilesAndAsTextsWhereTheyAreShort() throws IOException {
        Work work = work(List.of("version", "long"), Optional.empty());
        handover(work).lay();
        Files.writeString(directory.outputs().resolve("version"), "1.0\n");
        Files.writeString(directory.outputs().resolve("long"), "x".repeat(Output.LONGEST_TEXT + 1));

        Leaves leaves = handover(work)
                .take(Outcome.SUCCEEDED, SecretMask.NONE, troubles)
                .orElseThrow();

        assertEquals(List.of(), troubles);
        assertEquals(Optional.of("1.0"), leaves.outputs().get(0).text());
        assertEquals(Optional.empty(), leaves.outputs().get(1).text());
    }

    @Test
    void handsOnNoOutputWithASecretInIt() throws IOException {
        Work work = work(List.of("version"), Optional.empty());
        handover(work).lay();
        Files.writeString(directory.outputs().resolve("version"), "token=c2VjcmV0LWNhbmFyeQ==\n");

        assertEquals(
                Optional.empty(),
                handover(work).take(Outcome.SUCCEEDED, SecretMask.of(List.of("secret-canary")), troubles));
        assertTrue(troubles.get(0).startsWith("Expected outputs and generated jobs without secrets"));
    }

    @Test
    void missesAnOutputOnlyOfAJobThatSucceeded() {
        Work work = work(List.of("version"), Optional.empty());

        assertEquals(Optional.empty(), handover(work).take(Outcome.FAILED, SecretMask.NONE, troubles));
        assertEquals(List.of(), troubles);
        handover(work).take(Outcome.SUCCEEDED, SecretMask.NONE, troubles);
        assertEquals(List.of("Expected the output 'version' in $FLUJO_OUTPUTS, but no step wrote it"), troubles);
    }

    @Test
    void laysOutputsOfOtherJobsWhereStepsFindThem() throws IOException {
        Path file = Files.writeString(root.resolve("value"), "whole\n");
        String sha256 = blobs.put(file).sha256();
        Work plain = work(List.of(), Optional.empty());
        Work work = new Work(
                plain.project(),
                plain.pipeline(),
                plain.attempt(),
                plain.job(),
                plain.revision(),
                plain.env(),
                plain.by(),
                List.of(new Work.Artifact("build", "out/app", 6, sha256)),
                List.of(new Work.JobOutput("build", new Output("version", 6, sha256, Optional.empty()))));

        handover(work).lay();

        assertEquals("whole\n", Files.readString(directory.needs().resolve("build/version")));
        assertEquals("whole\n", Files.readString(directory.workspace().resolve("out/app")));
    }

    @Test
    void neitherReadsNorWritesThroughALinkOfTheJob() throws IOException {
        Path outside = Files.createDirectories(root.resolve("outside"));
        Files.writeString(outside.resolve("shadow"), "root");
        Files.createDirectories(directory.outputs());
        Files.createSymbolicLink(directory.outputs().resolve("version"), outside.resolve("shadow"));
        Files.createSymbolicLink(directory.workspace().resolve("jobs.yml"), outside.resolve("shadow"));
        Files.createSymbolicLink(directory.workspace().resolve("out"), outside);
        String sha256 = blobs.put(outside.resolve("shadow")).sha256();

        assertEquals(
                Optional.empty(),
                handover(work(List.of("version"), Optional.of("jobs.yml")))
                        .take(Outcome.SUCCEEDED, SecretMask.NONE, troubles));
        assertEquals(2, troubles.size(), troubles.toString());
        Work taking = taking(new Work.Artifact("build", "out/app", 4, sha256));
        IOException refused =
                assertThrows(IOException.class, () -> handover(taking).lay());

        assertTrue(refused.getMessage().contains("out is a link"), refused.getMessage());
        assertFalse(Files.exists(outside.resolve("app")));
    }

    private static Work taking(Work.Artifact artifact) {
        Work plain = work(List.of(), Optional.empty());
        return new Work(
                plain.project(),
                plain.pipeline(),
                plain.attempt(),
                plain.job(),
                plain.revision(),
                plain.env(),
                plain.by(),
                List.of(artifact));
    }

    @Test
    void takesTheFileOfFurtherJobs() throws IOException {
        Work work = work(List.of(), Optional.of("jobs.yml"));
        Files.writeString(directory.workspace().resolve("jobs.yml"), "jobs: {}\n");

        assertEquals(
                Optional.of(new Leaves(List.of(), Optional.of("jobs: {}\n"))),
                handover(work).take(Outcome.SUCCEEDED, SecretMask.NONE, troubles));
    }

    private Handover handover(Work work) {
        return new Handover(directory, work, blobs);
    }

    private static Work work(List<String> outputs, Optional<String> generate) {
        Work work = Works.of("true");
        Job job = work.job();
        Results results = new Results(outputs, Optional.empty(), Results.Keep.SUCCESS, Results.Reports.NONE, generate);
        Job with = new Job(
                job.id(),
                job.needs(),
                job.env(),
                job.steps(),
                job.timeout(),
                job.artifacts(),
                job.junit(),
                job.deploy(),
                job.name(),
                job.gate(),
                job.placement(),
                job.tolerance(),
                job.supplies(),
                results,
                job.matrix(),
                job.cell(),
                job.bindings());
        return new Work(
                work.project(),
                work.pipeline(),
                work.attempt(),
                with,
                work.revision(),
                work.env(),
                work.by(),
                work.artifacts());
    }
}
