package dev.flujo.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** The wall clock of one process, set by a file while the process runs; the clock that nobody sets stays as it is. */
record FakeClock(Path file, Path library) {

    private static final Path LIBRARIES = Path.of("/usr/lib");
    private static final String LIBRARY = "faketime/libfaketimeMT.so.1";

    /** A clock that is right to begin with. */
    static FakeClock in(Path file) {
        Optional<Path> library = installed();
        Machine.needs(
                library.isPresent(),
                "clocks are not set, since " + LIBRARY + " is missing in " + LIBRARIES + ": install libfaketime");
        FakeClock clock = new FakeClock(file, library.orElseThrow());
        clock.set(Duration.ZERO);
        return clock;
    }

    /** What a process has in its environment that goes by this clock. */
    Map<String, String> environment() {
        return Map.of(
                "LD_PRELOAD", library.toString(),
                "FAKETIME_TIMESTAMP_FILE", file.toString(),
                "FAKETIME_CACHE_DURATION", "1",
                "FAKETIME_DONT_FAKE_MONOTONIC", "1",
                "FAKETIME_FORCE_MONOTONIC_FIX", "0",
                "NO_FAKE_STAT", "1");
    }

    /** Sets the clock so far from the right time; a second later at most it is so. */
    void set(Duration fromTruth) {
        try {
            Path fresh = file.resolveSibling(file.getFileName() + ".tmp");
            Files.writeString(fresh, (fromTruth.isNegative() ? "" : "+") + fromTruth.toSeconds() + "\n");
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Optional<Path> installed() {
        try (DirectoryStream<Path> systems = Files.newDirectoryStream(LIBRARIES, "*-linux-gnu")) {
            for (Path system : systems) {
                if (Files.exists(system.resolve(LIBRARY))) {
                    return Optional.of(system.resolve(LIBRARY));
                }
            }
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
