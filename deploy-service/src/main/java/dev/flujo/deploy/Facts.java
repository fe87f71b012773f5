package dev.flujo.deploy;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/** Small files of one directory, each durable and there with all of it or not at all. */
public record Facts(Path directory) {

    /** A fact that is settled once: whoever comes first, all that ask get the same. */
    public String settled(String name, String value) throws IOException {
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

    public Optional<String> fact(String name) throws IOException {
        Path file = directory.resolve(name);
        return Files.exists(file) ? Optional.of(Files.readString(file).trim()) : Optional.empty();
    }

    /** Puts a fact in the place of what it was before. */
    public void replace(String name, String value) throws IOException {
        Path file = directory.resolve(name);
        Files.move(written(file, value), file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    public void forget(String name) throws IOException {
        Files.deleteIfExists(directory.resolve(name));
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
}
