package dev.flujo.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** A file outside the platform to which every execution of a step appends a line: {@code run job attempt mark}. */
record Witness(Path file) {

    /** The command of a step that leaves its mark. */
    static String command(String mark) {
        return "echo \"$FLUJO_RUN $FLUJO_JOB $FLUJO_ATTEMPT " + mark + "\" >> \"$WITNESS\"";
    }

    /** A pipeline of two jobs, one after the other, that take so many seconds and leave the marks {@code begun} and {@code ended}. */
    String twoJobs(int seconds) {
        return """
                name: main
                on: manual
                env: {WITNESS: "%1$s"}
                jobs:
                  first: {steps: [{run: 'sleep %2$d; %3$s'}]}
                  second: {needs: first, steps: [{run: 'sleep %2$d; %4$s'}]}
                """
                .formatted(file, seconds, command("begun"), command("ended"));
    }

    List<String> lines() {
        try {
            return Files.exists(file) ? Files.readAllLines(file) : List.of();
        } catch (IOException e) {
            throw new AssertionError("Expected to read the witness " + file, e);
        }
    }

    /** How often each mark of a run was left. */
    Map<String, Long> marksOf(String run) {
        return marks().getOrDefault(run, Map.of());
    }

    /** The lines that are there more than once: an attempt was executed again. */
    Set<String> repeated() {
        Set<String> seen = new HashSet<>();
        return lines().stream().filter(line -> !seen.add(line)).collect(Collectors.toCollection(TreeSet::new));
    }

    /** How often each mark was left, by run. */
    Map<String, Map<String, Long>> marks() {
        return lines().stream()
                .map(line -> line.split(" ", -1))
                .collect(Collectors.groupingBy(
                        parts -> parts[0],
                        Collectors.groupingBy(parts -> parts[3], TreeMap::new, Collectors.counting())));
    }
}
