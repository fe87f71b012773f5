package dev.flujo.stack;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Which processes give way where processors are few: those that write down what has happened, to those that somebody waits
 * for. On Linux only, where each thread has a niceness of its own; elsewhere all stay equal.
 */
final class Niceness {

    private static final String STEPS = "10";

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
        } catch (IOException e) {
            System.err.println("note: could not have process " + process.pid() + " give way: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
