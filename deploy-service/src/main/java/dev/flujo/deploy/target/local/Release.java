package dev.flujo.deploy.target.local;

import dev.flujo.event.Work;
import dev.flujo.kit.blob.BlobStore;
import dev.flujo.kit.process.MarkedProcesses;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;

/** One deployment in its directory: the artifacts, the port, what was started, and what its process prints. */
record Release(Path directory) {

    /** The variable that names the deployment to all of its processes. */
    static final String MARK = "FLUJO_DEPLOYMENT";

    private static final int LAST_WORDS = 600;
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    Path files() {
        return directory.resolve("files");
    }

    Path output() {
        return directory.resolve("output");
    }

    /** Puts the artifacts in place, all or nothing. */
    void unpack(Work work, BlobStore blobs) throws IOException {
        if (Files.isDirectory(files())) {
            return;
        }
        Files.createDirectories(directory);
        Path fresh = Files.createTempDirectory(directory, "files");
        for (Work.Artifact artifact : work.artifacts()) {
            Path file = fresh.resolve(artifact.path()).normalize();
            if (!file.startsWith(fresh) || file.equals(fresh)) {
                throw new IOException("Expected an artifact inside the release, but its path is " + artifact.path());
            }
            Files.createDirectories(file.getParent());
            try (InputStream in = blobs.open(artifact.sha256())) {
                Files.copy(in, file);
            }
        }
        try {
            Files.move(fresh, files(), StandardCopyOption.ATOMIC_MOVE);
        } catch (FileSystemException e) {
            delete(fresh);
            if (!Files.isDirectory(files())) {
                throw e;
            }
        }
    }

    /** A fact of the release that is settled once: whoever comes first, all that ask get the same. */
    String settled(String name, String value) throws IOException {
        Path file = directory.resolve(name);
        if (!Files.exists(file)) {
            Path fresh = written(file, value);
            try {
                Files.createLink(file, fresh);
            } catch (FileAlreadyExistsException settledMeanwhile) {
                return Files.readString(file).trim();
            } finally {
                Files.delete(fresh);
            }
        }
        return Files.readString(file).trim();
    }

    Optional<String> fact(String name) throws IOException {
        Path file = directory.resolve(name);
        return Files.exists(file) ? Optional.of(Files.readString(file).trim()) : Optional.empty();
    }

    boolean claimed() {
        return Files.isDirectory(directory.resolve("claimed"));
    }

    /** Whether the command has been started; it may have ended since. */
    boolean started() {
        return Files.exists(directory.resolve("pid"));
    }

    /** The living process of the release; one that has the number of an ended one is not it. */
    Optional<ProcessHandle> process() throws IOException {
        Optional<String> pid = fact("pid");
        if (pid.isEmpty()) {
            return Optional.empty();
        }
        String[] parts = pid.get().split(" ", -1);
        Path stat = Path.of("/proc", parts[0], "stat");
        if (!Files.exists(stat)) {
            return Optional.empty();
        }
        try {
            String text = Files.readString(stat);
            String[] fields = text.substring(text.lastIndexOf(')') + 2).split(" ", -1);
            boolean zombie = fields[0].equals("Z");
            return fields[19].equals(parts[1]) && !zombie
                    ? ProcessHandle.of(Long.parseLong(parts[0]))
                    : Optional.empty();
        } catch (IOException endedMeanwhile) {
            return Optional.empty();
        }
    }

    /** Ends every process of the release, wherever it has gone. */
    void end() {
        new MarkedProcesses(MARK, directory.getFileName().toString()).end(PATIENCE);
    }

    /** Forgets a process that is known to be dead, so that the release can be started anew. */
    void forgetProcess() throws IOException {
        Files.deleteIfExists(directory.resolve("pid"));
        delete(directory.resolve("claimed"));
    }

    /** The end of what the command has printed. */
    String lastWords() throws IOException {
        if (!Files.exists(output())) {
            return "none";
        }
        try (FileChannel channel = FileChannel.open(output(), StandardOpenOption.READ)) {
            ByteBuffer end = ByteBuffer.allocate(LAST_WORDS);
            channel.read(end, Math.max(0, channel.size() - LAST_WORDS));
            String words = new String(end.array(), 0, end.position(), StandardCharsets.UTF_8).strip();
            return words.isEmpty() ? "none" : words;
        }
    }

    /** Writes a file as a whole and durably: it is there with all of it, or not at all. */
    static void write(Path file, String text) throws IOException {
        Files.move(written(file, text), file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** A file of its own beside the file, durably written. */
    private static Path written(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        Path fresh = Files.createTempFile(file.getParent(), file.getFileName().toString(), ".tmp");
        Files.writeString(fresh, text);
        try (FileChannel channel = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
        return fresh;
    }

    private static void delete(Path path) throws IOException {
        if (!Files.exists(path)) {
            return;
        }
        try (Stream<Path> all = Files.walk(path)) {
            for (Path file : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
