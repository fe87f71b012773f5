package dev.flujo.runner;

import dev.flujo.event.JobEvent.Leaves;
import dev.flujo.event.JobEvent.Output;
import dev.flujo.event.Outcome;
import dev.flujo.event.Work;
import dev.flujo.kit.blob.Blob;
import dev.flujo.kit.blob.BlobStore;
import dev.flujo.runner.log.SecretMask;
import dev.flujo.runner.report.WorkspaceFiles;
import dev.flujo.runner.report.WorkspacePath;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What passes from job to job of a run: before the first step the outputs and artifacts of earlier jobs lie where the steps
 * find them; after the last one the job's own outputs are taken from where the steps left them.
 */
final class Handover {

    /** The longest file with further jobs that is read. */
    private static final int MOST_GENERATED = 256 * 1024;

    private final AttemptDirectory directory;
    private final Work work;
    private final BlobStore blobs;

    Handover(AttemptDirectory directory, Work work, BlobStore blobs) {
        this.directory = directory;
        this.work = work;
        this.blobs = blobs;
    }

    /** Lays out what earlier jobs left. */
    void lay() throws IOException {
        if (!work.job().results().outputs().isEmpty()) {
            Files.createDirectories(directory.outputs());
        }
        for (Work.JobOutput left : work.outputs()) {
            copy(
                    left.output().sha256(),
                    directory.needs().resolve(left.job()).resolve(left.output().name()));
        }
        if (work.job().deploy().isEmpty()) {
            Path workspace = directory.workspace().normalize();
            for (Work.Artifact artifact : work.artifacts()) {
                copy(artifact.sha256(), WorkspacePath.toWrite(workspace, artifact.path()));
            }
        }
    }

    /** Takes what this job leaves; what it owes and has not written is a trouble, and so is a secret in it. */
    Optional<Leaves> take(Outcome outcome, SecretMask mask, List<String> troubles) {
        List<Output> outputs = new ArrayList<>();
        for (String name : work.job().results().outputs()) {
            output(name, outcome, troubles).ifPresent(outputs::add);
        }
        Optional<String> generated = outcome == Outcome.SUCCEEDED
                ? work.job().results().generate().flatMap(file -> generated(file, troubles))
                : Optional.empty();
        List<String> told = new ArrayList<>(
                outputs.stream().flatMap(output -> output.text().stream()).toList());
        generated.ifPresent(told::add);
        if (told.stream().anyMatch(text -> !mask.apply(text).equals(text))) {
            troubles.add(
                    "Expected outputs and generated jobs without secrets, since events and other jobs have them, but"
                            + " one has a secret in it; hand on what it is for instead");
            return Optional.empty();
        }
        return outputs.isEmpty() && generated.isEmpty()
                ? Optional.empty()
                : Optional.of(new Leaves(outputs, generated));
    }

    private Optional<Output> output(String name, Outcome outcome, List<String> troubles) {
        Path file = directory.outputs().resolve(name);
        if (!WorkspacePath.isFile(file)) {
            if (outcome == Outcome.SUCCEEDED) {
                troubles.add("Expected the output '" + name + "' in $FLUJO_OUTPUTS, but no step wrote it");
            }
            return Optional.empty();
        }
        try {
            Blob blob = blobs.put(file);
            return Optional.of(new Output(name, blob.bytes(), blob.sha256(), text(file, blob.bytes())));
        } catch (IOException e) {
            troubles.add("output '" + name + "' could not be stored: " + e.getMessage());
            return Optional.empty();
        }
    }

    /** The text that expressions can ask for: without the line end at its end, and only if it is short. */
    private static Optional<String> text(Path file, long bytes) throws IOException {
        if (bytes > 4L * Output.LONGEST_TEXT) {
            return Optional.empty();
        }
        String text = new String(Files.readAllBytes(file), java.nio.charset.StandardCharsets.UTF_8)
                .replaceFirst("\\r?\\n$", "");
        return text.length() > Output.LONGEST_TEXT ? Optional.empty() : Optional.of(text);
    }

    private Optional<String> generated(String name, List<String> troubles) {
        Path file = directory.workspace().resolve(name);
        try {
            List<Path> found = WorkspaceFiles.matching(directory.workspace(), name);
            if (found.size() == 1 && Files.size(found.get(0)) <= MOST_GENERATED) {
                return Optional.of(Files.readString(found.get(0)));
            }
            troubles.add("Expected a file of at most " + MOST_GENERATED + " bytes with further jobs at '" + name
                    + "', but " + (Files.exists(file) ? "it is larger, or none" : "no step wrote one"));
        } catch (IOException e) {
            troubles.add("Expected a text in UTF-8 with further jobs at '" + name + "', but " + e.getMessage());
        }
        return Optional.empty();
    }

    private void copy(String sha256, Path to) throws IOException {
        Files.createDirectories(to.getParent());
        try (InputStream bytes = blobs.open(sha256)) {
            Files.copy(bytes, to, StandardCopyOption.REPLACE_EXISTING);
        }
    }
}
