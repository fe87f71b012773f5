package dev.flujo.stack;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Every process that a stack's services have begun, and theirs: each inherits a variable that names the stack. */
final class StackProcesses {

    /** The variable that every process of a stack inherits. */
    static final String MARK = "FLUJO_STACK";

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Path home;

    StackProcesses(Path home) {
        this.home = home;
    }

    /** What a stack in this directory is called. */
    static String id(Path home) {
        return home.toAbsolutePath().normalize().toString();
    }

    /** Ends all of them. */
    void end() {
        living().forEach(ProcessHandle::destroy);
        if (!Await.until(PATIENCE, () -> living().isEmpty())) {
            living().forEach(ProcessHandle::destroyForcibly);
            if (!Await.until(PATIENCE, () -> living().isEmpty())) {
                throw new StackException("Expected these processes to end, but they do not: " + living());
            }
        }
    }

    private List<ProcessHandle> living() {
        String mark = MARK + "=" + id(home);
        List<ProcessHandle> found = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (Path entry : entries) {
                if (carries(entry, mark)) {
                    ProcessHandle.of(Long.parseLong(entry.getFileName().toString()))
                            .filter(ProcessHandle::isAlive)
                            .ifPresent(found::add);
                }
            }
        } catch (IOException e) {
            throw new StackException("Expected to list the processes in /proc, but " + e.getMessage(), e);
        }
        return found;
    }

    /** A process that ends while it is looked at is none of the living; another user's is none of ours. */
    private static boolean carries(Path entry, String mark) {
        try {
            String environment = Files.readString(entry.resolve("environ"), StandardCharsets.ISO_8859_1);
            return ("\0" + environment + "\0").contains("\0" + mark + "\0");
        } catch (IOException e) {
            return false;
        }
    }
}
