package dev.flujo.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Predicate;

/** Processes that should be gone: looked for in /proc, as nobody of the platform would. */
final class Leftovers {

    private static final Path PROC = Path.of("/proc");

    private Leftovers() {}

    /** The processes of attempts of these runs. */
    static List<String> ofRuns(Collection<String> runs) {
        return found("environ", text -> runs.stream().anyMatch(run -> text.contains("FLUJO_ATTEMPT_ID=" + run)));
    }

    /** The processes that were started with this text in their environment. */
    static List<String> ofEnvironment(String text) {
        return found("environ", environment -> environment.contains(text));
    }

    /** The processes with such a command line. */
    static List<String> ofCommand(Predicate<String> wanted) {
        return found("cmdline", wanted);
    }

    private static List<String> found(String file, Predicate<String> wanted) {
        List<String> found = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(PROC, "[0-9]*")) {
            for (Path entry : entries) {
                if (wanted.test(text(entry.resolve(file)))) {
                    found.add(entry.getFileName() + " "
                            + text(entry.resolve("cmdline")).replace('\0', ' '));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return found;
    }

    /** A process that ends while it is looked at is none that is left. */
    private static String text(Path file) {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return "";
        }
    }
}
