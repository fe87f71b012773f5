package dev.flujo.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** A file outside the platform to which the commands of jobs append {@code run mark time}, the time in seconds. */
final class Witness {

    private final Path file;

    Witness(Path file) {
        this.file = file;
    }

    Path file() {
        return file;
    }

    /** A command that appends its mark with the time at which it runs; it forks nothing. */
    static String command(String mark) {
        return "echo \"$FLUJO_RUN " + mark + " $EPOCHREALTIME\" >> \"$WITNESS\"";
    }

    /** How many marks there are. */
    long count() throws IOException {
        if (!Files.exists(file)) {
            return 0;
        }
        try (var lines = Files.lines(file)) {
            return lines.count();
        }
    }

    /** The time of each run's mark in milliseconds since the epoch. */
    Map<String, Double> millisAt(String mark) throws IOException {
        Map<String, Double> times = new HashMap<>();
        for (String line : Files.readAllLines(file)) {
            String[] parts = line.split(" ", -1);
            if (parts.length == 3 && parts[1].equals(mark)) {
                times.putIfAbsent(parts[0], Double.parseDouble(parts[2]) * 1000);
            }
        }
        return times;
    }
}
