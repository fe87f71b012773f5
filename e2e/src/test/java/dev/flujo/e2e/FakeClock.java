package dev.flujo.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Map;

/** The wall clock of one process, set by a file while the process runs; the clock that nobody sets stays as it is. */
record FakeClock(Path file) {

    private static final Path LIBRARY = Path.of("/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1");

    /** A clock that is right to begin with. */
    static FakeClock in(Path file) {
        Machine.needs(
                Files.exists(LIBRARY), "clocks are not set, since " + LIBRARY + " is missing: install libfaketime");
        FakeClock clock = new FakeClock(file);
        clock.set(Duration.ZERO);
        return clock;
    }

    /** What a process has in its environment that goes by this clock. */
    Map<String, String> environment() {
        return Map.of(
                "LD_PRELOAD", LIBRARY.toString(),
                "FAKETIME_TIMESTAMP_FILE", file.toString(),
                "FAKETIME_CACHE_DURATION", "1",
                "FAKETIME_DONT_FAKE_MONOTONIC", "1",
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
}
