package dev.flujo.runner.executor.supervised;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;

/** The scripts that see steps to their end, installed side by side in a directory. */
public record Scripts(Path directory) {

    /** Installs the scripts; processes that run an older one keep it. */
    public static Scripts install(Path directory) throws IOException {
        Files.createDirectories(directory);
        for (String script : new String[] {"step.sh", "supervisor.sh", "init.sh", "container.sh"}) {
            install(script, directory);
        }
        return new Scripts(directory.toAbsolutePath());
    }

    /** The script of a supervisor. */
    public Path supervisor() {
        return directory.resolve("supervisor.sh");
    }

    /** The script of a supervisor with processes of its own around it. */
    public Path init() {
        return directory.resolve("init.sh");
    }

    private static void install(String script, Path directory) throws IOException {
        Path fresh = Files.createTempFile(directory, script, ".tmp");
        try (InputStream text = Scripts.class.getResourceAsStream(script)) {
            Files.copy(text, fresh, StandardCopyOption.REPLACE_EXISTING);
        }
        Files.setPosixFilePermissions(fresh, PosixFilePermissions.fromString("rw-r--r--"));
        Files.move(
                fresh, directory.resolve(script), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
