package dev.flujo.stack;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Which processes give way where processors are few: those that write down what has happened, to those that somebody waits
 * for. On Linux only; elsewhere all stay equal. There, each thread has a niceness of its own, and where the kernel groups what
 * it schedules by session (autogroup, see {@code sched(7)}) only that of the group counts between members, each of which has a
 * session of its own.
 */
final class Niceness {

    private static final String STEPS = "10";

    /** Without the rights of an administrator one group may be told in a tenth of a second. */
    private static final Duration TO_BE_HEARD = Duration.ofMillis(500);

    private Niceness() {}

    /** Has all threads of a process, and those that they begin, give way. Where that cannot be, everything works as well, only slower. */
    static void giveWay(ProcessHandle process) {
        Path threads = Path.of("/proc", Long.toString(process.pid()), "task");
        if (!Files.isDirectory(threads)) {
            return;
        }
        List<String> command = new ArrayList<>(List.of("renice", "-n", STEPS, "-p"));
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(threads)) {
            entries.forEach(thread -> command.add(thread.getFileName().toString()));
            new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
            group(process);
        } catch (IOException e) {
            System.err.println("note: could not have process " + process.pid() + " give way: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void group(ProcessHandle process) throws IOException {
        Path group = Path.of("/proc", Long.toString(process.pid()), "autogroup");
        AtomicReference<IOException> refusal = new AtomicReference<>();
        if (Files.exists(group) && !Await.until(TO_BE_HEARD, () -> told(group, refusal))) {
            throw refusal.get();
        }
    }

    private static boolean told(Path group, AtomicReference<IOException> refusal) {
        try {
            Files.writeString(group, STEPS, StandardOpenOption.WRITE);
            return true;
        } catch (IOException e) {
            refusal.set(e);
            return false;
        }
    }
}
