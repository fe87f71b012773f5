package dev.flujo.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/** The figures of one session as a page, with the machine that they were measured on. */
record Results(Instant at, List<Figure> figures) {

    Results {
        figures = List.copyOf(figures);
    }

    /** Whether every figure is what it has to be. */
    boolean met() {
        return figures.stream().allMatch(Figure::met);
    }

    String page() throws IOException {
        List<String> lines = new ArrayList<>(List.of(
                "# Measured figures",
                "",
                "What `bench/run --write` printed at " + at.truncatedTo(ChronoUnit.SECONDS) + ", in one session, on "
                        + machine() + ".",
                "Broker, database, the four services, their jobs and the load generator share that machine.",
                "",
                "| figure | measured | has to be | |",
                "|---|---|---|---|"));
        figures.forEach(figure -> lines.add(figure.row()));
        return String.join("\n", lines) + "\n";
    }

    private static String machine() throws IOException {
        String model = first("/proc/cpuinfo", "model name").orElse("an unknown processor");
        long kib = Long.parseLong(first("/proc/meminfo", "MemTotal").orElse("0").replaceAll("\\D", ""));
        return Runtime.getRuntime().availableProcessors() + " cores (" + model + "), " + Math.round(kib / 1048576.0)
                + " GiB of memory, Java " + Runtime.version().feature() + ", Linux " + System.getProperty("os.version");
    }

    private static java.util.Optional<String> first(String file, String name) throws IOException {
        return Files.readAllLines(Path.of(file)).stream()
                .filter(line -> line.startsWith(name))
                .map(line -> line.substring(line.indexOf(':') + 1).strip())
                .findFirst();
    }
}
