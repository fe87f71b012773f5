package dev.flujo.bench;

import dev.flujo.stack.Checkout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Measures what it is asked to, prints the figures, and ends with 1 if one of them is not what it has to be. */
@Command(
        name = "bench/run",
        description =
                "Measure Flujo on this machine. Measurements: up, language, start, transitions, burst, log, live, rate,"
                        + " approval, checkout, docker, jobs, memory, big, takeover, flood.",
        mixinStandardHelpOptions = true)
public final class Main implements Callable<Integer> {

    private static final String START_UP = "up";
    private static final String LANGUAGE = "language";

    @Parameters(paramLabel = "MEASUREMENT", description = "what to measure; everything by default")
    private List<String> names = new ArrayList<>();

    @Option(names = "--write", description = "write the figures to bench/RESULTS.md")
    private boolean write;

    @Option(names = "--keep", description = "keep the stack's directory, with its logs")
    private boolean keep;

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new Main()).execute(arguments));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Map<String, Measurement> known = measurements();
        List<String> wanted = names.isEmpty() ? all(known) : names;
        for (String name : wanted) {
            if (!all(known).contains(name)) {
                throw new IllegalArgumentException("Expected one of " + all(known) + ", but found '" + name + "'");
            }
        }
        Path directory = Files.createTempDirectory("flujo-bench");
        List<Figure> figures = new ArrayList<>();
        try {
            if (wanted.contains(START_UP)) {
                print(START_UP, new StartUp(directory.resolve("up")).measure(), figures);
            }
            if (wanted.contains(LANGUAGE)) {
                print(LANGUAGE, new Language().measure(), figures);
            }
            if (wanted.stream().anyMatch(known::containsKey)) {
                measure(wanted, known, directory, figures);
            }
        } finally {
            if (!keep) {
                delete(directory);
            }
        }
        Results results = new Results(Instant.now(), figures);
        if (write) {
            Files.writeString(Checkout.find().root().resolve("bench/RESULTS.md"), results.page());
        }
        return results.met() ? 0 : 1;
    }

    private static void measure(
            List<String> wanted, Map<String, Measurement> known, Path directory, List<Figure> figures)
            throws IOException, InterruptedException {
        try (Session session = new Session(directory)) {
            for (Map.Entry<String, Measurement> entry : known.entrySet()) {
                if (wanted.contains(entry.getKey())) {
                    print(entry.getKey(), entry.getValue().measure(session), figures);
                }
            }
        }
    }

    /** In the order in which they are taken: what changes the runner comes after what needs it as it is. */
    private static Map<String, Measurement> measurements() {
        Map<String, Measurement> known = new LinkedHashMap<>();
        known.put("start", new StartLatency());
        known.put("transitions", new Transitions());
        known.put("burst", new Burst());
        known.put("log", new BigLog());
        known.put("live", new LiveLog());
        known.put("rate", new Throughput());
        known.put("approval", new Approval());
        known.put("checkout", new Checkouts());
        known.put("docker", new Containers());
        known.put("jobs", new ManyJobs());
        known.put("memory", new ResidentMemory());
        known.put("big", new BigRuns());
        known.put("takeover", new Takeover());
        known.put("flood", new Flood());
        return known;
    }

    private static List<String> all(Map<String, Measurement> known) {
        List<String> all = new ArrayList<>(List.of(START_UP, LANGUAGE));
        all.addAll(known.keySet());
        return all;
    }

    private static void print(String name, List<Figure> measured, List<Figure> figures) {
        measured.forEach(figure -> System.out.printf("%-12s %s%n", name, figure.row()));
        System.out.flush();
        figures.addAll(measured);
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
