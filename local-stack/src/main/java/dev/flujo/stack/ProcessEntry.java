package dev.flujo.stack;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A living process as /proc shows it at one moment.
 *
 * @param birth when it was started, in ticks of this boot: no clock that is set can change it, and no later process with the
 *     same number has it
 */
record ProcessEntry(long pid, long parent, long session, String birth) {

    private static final Path PROC = Path.of("/proc");
    private static final String BOOT = boot();

    /** The process with this number; none if it has ended, also where its parent has not asked for its exit code yet. */
    static Optional<ProcessEntry> of(long pid) {
        try {
            String stat = Files.readString(PROC.resolve(pid + "/stat"), StandardCharsets.ISO_8859_1);
            String[] fields = stat.substring(stat.lastIndexOf(") ") + 2).trim().split(" ", -1);
            boolean ended = fields[0].equals("Z") || fields[0].equals("X");
            return ended
                    ? Optional.empty()
                    : Optional.of(new ProcessEntry(
                            pid, Long.parseLong(fields[1]), Long.parseLong(fields[3]), BOOT + "/" + fields[19]));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** Whether it has not ended since; another one that has its number by now is not it. */
    boolean lives() {
        return of(pid).filter(now -> now.birth.equals(birth)).isPresent();
    }

    /** All processes that can be seen. */
    static List<ProcessEntry> all() {
        List<ProcessEntry> found = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(PROC, "[0-9]*")) {
            for (Path entry : entries) {
                of(Long.parseLong(entry.getFileName().toString())).ifPresent(found::add);
            }
        } catch (IOException e) {
            throw new StackException("Expected to list the processes in /proc, but " + e.getMessage(), e);
        }
        return found;
    }

    /** Whether it was started with this variable; another user's was not, as far as we may know. */
    boolean carries(String variable) {
        try {
            String environment = Files.readString(PROC.resolve(pid + "/environ"), StandardCharsets.ISO_8859_1);
            return ("\0" + environment).contains("\0" + variable + "\0");
        } catch (IOException e) {
            return false;
        }
    }

    private static String boot() {
        try {
            return Files.readString(PROC.resolve("sys/kernel/random/boot_id")).trim();
        } catch (IOException e) {
            throw new StackException("Expected Linux with /proc mounted, but " + e.getMessage() + " cannot be read", e);
        }
    }
}
