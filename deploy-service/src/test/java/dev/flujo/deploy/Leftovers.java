package dev.flujo.deploy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** What is meant to outlive a service, and must not outlive a test: proxies, applications, files. */
final class Leftovers {

    private Leftovers() {}

    /** Ends every process that works in the directory, until none is left that could start another; then deletes it. */
    static void end(Path directory) {
        for (List<ProcessHandle> left = in(directory); !left.isEmpty(); left = in(directory)) {
            left.forEach(ProcessHandle::destroyForcibly);
            left.forEach(process -> process.onExit().join());
        }
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<ProcessHandle> in(Path directory) {
        return ProcessHandle.allProcesses()
                .filter(process -> belongs(process, directory))
                .toList();
    }

    private static boolean belongs(ProcessHandle process, Path directory) {
        try {
            Path entry = Path.of("/proc", Long.toString(process.pid()));
            return process.pid() != ProcessHandle.current().pid()
                    && Files.readSymbolicLink(entry.resolve("cwd")).startsWith(directory);
        } catch (IOException endedOrForeign) {
            return false;
        }
    }
}
