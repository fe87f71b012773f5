package dev.flujo.deploy.proxy;

import dev.flujo.deploy.proxy.Routes.Choice;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;

/** Counts what a door passes on to each replica, and leaves the counts in a file for whoever wants to know. */
final class Counts {

    private static final int FIRST_ERROR_OF_A_SERVER = 500;

    private final Path file;
    private final Map<Choice, Counter> counters = new ConcurrentHashMap<>();
    /** What an earlier proxy has left there is not true any more. */
    private String told = "unknown";

    private static final class Counter {

        private final AtomicLong all = new AtomicLong();
        private final AtomicLong failed = new AtomicLong();
        private final AtomicLong open = new AtomicLong();
    }

    Counts(Path file) {
        this.file = file;
    }

    /** A request goes to the replica. */
    void begin(Choice choice) {
        Counter counter = counters.computeIfAbsent(choice, unused -> new Counter());
        counter.all.incrementAndGet();
        counter.open.incrementAndGet();
    }

    /** The request goes elsewhere after all: the replica has never seen it. */
    void takeBack(Choice choice) {
        Counter counter = counters.get(choice);
        counter.all.decrementAndGet();
        counter.open.decrementAndGet();
    }

    /** The request was answered, or nobody waits for the answer any more. */
    void end(Choice choice, int status) {
        Counter counter = counters.get(choice);
        if (status >= FIRST_ERROR_OF_A_SERVER) {
            counter.failed.incrementAndGet();
        }
        counter.open.decrementAndGet();
    }

    /** Writes the file if there is something new; versions that are gone from the routes are forgotten. */
    void tell(List<Route> routes) throws IOException {
        Set<String> known = routes.stream().map(Route::deployment).collect(Collectors.toSet());
        counters.entrySet()
                .removeIf(entry -> !known.contains(entry.getKey().deployment())
                        && entry.getValue().open.get() == 0);
        String text = counters.entrySet().stream()
                .map(entry -> new Count(
                                entry.getKey().deployment(),
                                entry.getKey().port(),
                                entry.getValue().all.get(),
                                entry.getValue().failed.get(),
                                entry.getValue().open.get())
                        .line())
                .sorted()
                .collect(Collectors.joining("\n"));
        if (!text.equals(told)) {
            Path fresh = file.resolveSibling("counts.tmp");
            Files.writeString(fresh, text);
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            told = text;
        }
    }
}
