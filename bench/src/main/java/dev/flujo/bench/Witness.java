package dev.flujo.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A file outside the platform to which the commands of jobs append {@code run mark seconds} as they begin and end. */
record Witness(Path file) {

    /** A command that appends its mark with the time at which it runs; it forks nothing. */
    String command(String mark) {
        return "echo \"$FLUJO_RUN " + mark + " $EPOCHREALTIME\" >> " + file;
    }

    /** How many marks there are. */
    int count() {
        return lines().size();
    }

    /** When each run left each of its marks, in milliseconds since the epoch. */
    Map<String, Map<String, Double>> millisByRun() {
        Map<String, Map<String, Double>> times = new HashMap<>();
        for (String[] parts : lines()) {
            times.computeIfAbsent(parts[0], run -> new HashMap<>())
                    .putIfAbsent(parts[1], Double.parseDouble(parts[2].replace(',', '.')) * 1000);
        }
        return times;
    }

    private List<String[]> lines() {
        if (!Files.exists(file)) {
            return List.of();
        }
        try {
            List<String[]> whole = new ArrayList<>();
            for (String line : Files.readAllLines(file)) {
                String[] parts = line.split(" ", -1);
                if (parts.length == 3) {
                    whole.add(parts);
                }
            }
            return whole;
        } catch (IOException e) {
            throw new UncheckedIOException("Expected to read the witness " + file, e);
        }
    }
}
