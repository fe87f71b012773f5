package dev.flujo.deploy.target.local;

import dev.flujo.deploy.config.Config;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The settings and secrets of an environment as its applications read them: {@code current} leads to a directory with a file for
 * each, and is moved to the next such directory at once, so that nobody reads half of a change. Nobody but the owner reads them.
 */
record ConfigDirectory(Path path) {

    /** The variable that says where an application finds them. */
    static final String VARIABLE = "FLUJO_CONFIG";

    private static final FileAttribute<?> OWNERS =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
    private static final FileAttribute<?> OWNERS_FILE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    /** Where applications read. */
    Path current() {
        return path.resolve("current");
    }

    /** What is read there now, if anything was ever put there. */
    Optional<String> mark() throws IOException {
        return Files.isSymbolicLink(current())
                ? Optional.of(Files.readSymbolicLink(current()).getFileName().toString())
                : Optional.empty();
    }

    /** Puts these in the place of those that are there. */
    void put(Config config) throws IOException {
        if (mark().equals(Optional.of(config.mark()))) {
            return;
        }
        Files.createDirectories(path, OWNERS);
        Path next = path.resolve(config.mark());
        new FileTree(next).delete();
        Files.createDirectory(next, OWNERS);
        for (Map<String, String> files : List.of(config.settings(), config.secrets())) {
            for (Map.Entry<String, String> file : files.entrySet()) {
                write(next.resolve(file.getKey()), file.getValue());
            }
        }
        Path link = path.resolve("next");
        try {
            Files.createSymbolicLink(link, Path.of(config.mark()));
        } catch (FileAlreadyExistsException leftByACrash) {
            Files.delete(link);
            Files.createSymbolicLink(link, Path.of(config.mark()));
        }
        Files.move(link, current(), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        forgetOthers(config.mark());
    }

    private static void write(Path file, String value) throws IOException {
        Files.createFile(file, OWNERS_FILE);
        Files.writeString(file, value);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
    }

    private void forgetOthers(String mark) throws IOException {
        try (Stream<Path> found = Files.list(path)) {
            for (Path other : found.filter(child -> !Files.isSymbolicLink(child)
                            && !child.getFileName().toString().equals(mark))
                    .toList()) {
                new FileTree(other).delete();
            }
        }
    }
}
