package dev.flujo.deploy.target.local;

import dev.flujo.deploy.Facts;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/** One process in its directory: what was started, where it works, and what it prints. */
record ProcessDirectory(Path path) {

    private static final int LAST_WORDS = 600;

    Facts facts() {
        return new Facts(path);
    }

    /** Where the process works. */
    Path files() {
        return path.resolve("files");
    }

    boolean claimed() {
        return Files.isDirectory(path.resolve("claimed"));
    }

    /** Whether the command has been started; it may have ended since. */
    boolean started() {
        return Files.exists(path.resolve("pid"));
    }

    /** Whether the command has been started and has ended. */
    boolean ended() throws IOException {
        return started() && process().isEmpty();
    }

    /** The living process; one that has the number of an ended one is not it. */
    Optional<ProcessHandle> process() throws IOException {
        Optional<String> pid = facts().fact("pid");
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

    /** Forgets a process that is known to be dead, so that it can be started anew. */
    void forgetProcess() throws IOException {
        Files.deleteIfExists(path.resolve("pid"));
        new FileTree(path.resolve("claimed")).delete();
    }

    /** The end of what the command has printed. */
    String lastWords() throws IOException {
        Path output = path.resolve("output");
        if (!Files.exists(output)) {
            return "none";
        }
        try (FileChannel channel = FileChannel.open(output, StandardOpenOption.READ)) {
            ByteBuffer end = ByteBuffer.allocate(LAST_WORDS);
            channel.read(end, Math.max(0, channel.size() - LAST_WORDS));
            String words = new String(end.array(), 0, end.position(), StandardCharsets.UTF_8).strip();
            return words.isEmpty() ? "none" : words;
        }
    }
}
