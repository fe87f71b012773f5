package dev.flujo.runner;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.flujo.event.AssignmentEvent.WorkAssigned;
import dev.flujo.event.Attempt;
import dev.flujo.event.Decoded;
import dev.flujo.event.Envelope;
import dev.flujo.event.EventCodec;
import dev.flujo.event.JobEvent.Image;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Everything about one attempt on disk: the assignment, the steps' scripts, their output, what the supervisor wrote of
 * them, and the workspace. A runner that restarts finds its attempts by these directories.
 */
public record AttemptDirectory(Path path) {

    private static final EventCodec CODEC = new EventCodec();
    private static final ObjectMapper JSON = CODEC.mapper();

    static AttemptDirectory of(Path root, Attempt attempt) {
        return new AttemptDirectory(root.resolve("attempts")
                .resolve(attempt.run().toString())
                .resolve(attempt.job())
                .resolve(Integer.toString(attempt.number())));
    }

    public Path workspace() {
        return path.resolve("workspace");
    }

    public Path steps() {
        return path.resolve("steps");
    }

    /** Where steps leave the job's outputs. */
    public Path outputs() {
        return path.resolve("outputs");
    }

    /** Where steps put what they need for a while. */
    public Path temporary() {
        return path.resolve("tmp");
    }

    /** The home directory of steps that share none with others. */
    public Path home() {
        return path.resolve("home");
    }

    /** By which keys the attempt's caches are found. */
    Path cacheKeys() {
        return path.resolve("cache-keys");
    }

    /** Where steps find the outputs of the jobs that theirs needs. */
    public Path needs() {
        return path.resolve("needs");
    }

    /** The only place besides those of the job's own files that something is written to while the job is executed. */
    public Path spool() {
        return path.resolve("spool");
    }

    /** The output of a step; the checkout is step -1. */
    public Path output(int step) {
        return spool().resolve("output." + step);
    }

    /** What the supervisor says, line by line. */
    public Path events() {
        return spool().resolve("events");
    }

    /** Where the log's chunks begin and end. */
    public Path chunks() {
        return path.resolve("chunks");
    }

    /** Notes who supervises the attempt, so that a restarted runner finds its processes. */
    public void noteSupervisor(String mark) throws IOException {
        Path fresh = path.resolve("supervisor.tmp");
        Files.writeString(fresh, mark);
        Files.move(fresh, path.resolve("supervisor"), StandardCopyOption.ATOMIC_MOVE);
    }

    /** Who supervises the attempt; none if it was never handed over. */
    public Optional<String> supervisor() throws IOException {
        Path supervisor = path.resolve("supervisor");
        return Files.exists(supervisor) ? Optional.of(Files.readString(supervisor)) : Optional.empty();
    }

    /** Notes the assignment; false if it was noted before. */
    boolean note(Envelope assignment) throws IOException {
        if (Files.exists(file())) {
            return false;
        }
        make();
        Uptime.now().noteIn(uptimeFile());
        Path fresh = path.resolve("assignment.tmp");
        Files.write(fresh, JSON.writeValueAsBytes(CODEC.toJson(assignment)));
        Files.move(fresh, file(), StandardCopyOption.ATOMIC_MOVE);
        return true;
    }

    /** How long ago the assignment was noted; nothing where that is not known, as in another life of the machine. */
    Duration age() {
        return Uptime.since(uptimeFile());
    }

    private Path uptimeFile() {
        return path.resolve("uptime");
    }

    /** Notes which image the attempt is executed in. */
    void noteImage(Image image) throws IOException {
        Files.writeString(path.resolve("image"), image.name() + "\n" + image.digest() + "\n");
    }

    /** The noted image; none where the attempt is executed in no container. */
    public Optional<Image> image() throws IOException {
        Path file = path.resolve("image");
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        List<String> lines = Files.readAllLines(file);
        return lines.size() == 2 ? Optional.of(new Image(lines.get(0), lines.get(1))) : Optional.empty();
    }

    /** Notes the secrets that the attempt is given, where only the runner finds them: a later life of it has to mask them too. */
    void noteSecrets(Map<String, String> secrets) throws IOException {
        if (!secrets.isEmpty()) {
            Files.deleteIfExists(secretsFile());
            Files.createFile(
                    secretsFile(), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.write(secretsFile(), JSON.writeValueAsBytes(secrets));
        }
    }

    /** The noted secrets. */
    Map<String, String> secrets() throws IOException {
        return Files.exists(secretsFile())
                ? JSON.readValue(secretsFile().toFile(), new TypeReference<Map<String, String>>() {})
                : Map.of();
    }

    /** Makes the directories that every attempt has, in one that no other user of this machine can enter. */
    public void make() throws IOException {
        Files.createDirectories(path);
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwx------"));
        Files.createDirectories(workspace());
        Files.createDirectories(steps());
        Files.createDirectories(spool());
    }

    /** The noted assignment; none if its noting was interrupted. */
    Optional<Envelope> assignment() throws IOException {
        if (!Files.exists(file())) {
            return Optional.empty();
        }
        JsonNode json = JSON.readTree(Files.readAllBytes(file()));
        return CODEC.decode(json) instanceof Decoded.Known known
                        && known.envelope().event() instanceof WorkAssigned
                ? Optional.of(known.envelope())
                : Optional.empty();
    }

    /** Notes that the end of the attempt is known to the orchestrator: there is nothing left to do. */
    void close() throws IOException {
        forgetSecrets();
        Files.writeString(path.resolve("closed"), "");
    }

    boolean closed() {
        return Files.exists(path.resolve("closed"));
    }

    /** Notes why the attempt shall stop, so that a restarted runner stops it too. */
    void noteStop(String reason) throws IOException {
        Files.writeString(path.resolve("stop"), reason);
    }

    Optional<String> stop() throws IOException {
        Path stop = path.resolve("stop");
        return Files.exists(stop) ? Optional.of(Files.readString(stop)) : Optional.empty();
    }

    /** Makes the workspace anew where something lies in it. */
    void emptyWorkspace() throws IOException {
        try (Stream<Path> files = Files.list(workspace())) {
            for (Path file : files.toList()) {
                DirectoryTree.delete(file);
            }
        }
    }

    /** Deletes everything about the attempt, and the directories of its job and run when nothing else is in them. */
    void delete() throws IOException {
        DirectoryTree.delete(path);
        for (Path parent : List.of(path.getParent(), path.getParent().getParent())) {
            try (Stream<Path> others = Files.list(parent)) {
                if (others.findAny().isPresent()) {
                    return;
                }
            }
            Files.delete(parent);
        }
    }

    /** Secrets are on disk no longer than they are used. */
    private void forgetSecrets() throws IOException {
        if (!Files.exists(secretsFile())) {
            return;
        }
        try (Stream<Path> files = Files.list(steps())) {
            for (Path file :
                    files.filter(each -> each.toString().endsWith(".env")).toList()) {
                Files.delete(file);
            }
        }
        Files.delete(secretsFile());
    }

    private Path secretsFile() {
        return path.resolve("secrets");
    }

    private Path file() {
        return path.resolve("assignment.json");
    }
}
