package dev.flujo.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;

/** A user who lists runs, reads one and starts one, in turns at a fixed pace, whatever else goes on. */
final class Probe implements AutoCloseable {

    private static final long EVERY_NANOS = 20_000_000;

    private final Api api;
    private final String project;
    private final List<CompletableFuture<Double>> millis = new ArrayList<>();
    private final Thread thread = new Thread(this::ask, "probe");
    private volatile boolean closed;

    /** Begins at once; the pipeline of the project can be started by hand. */
    Probe(Api api, String project) {
        this.api = api;
        this.project = project;
        thread.start();
    }

    /** From when each request was due until its answer; infinite where that was none of success. */
    Latencies latencies() {
        close();
        return Latencies.of(millis.stream().map(CompletableFuture::join).toList());
    }

    @Override
    public void close() {
        closed = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void ask() {
        String run = api.start(project).join();
        long begin = System.nanoTime();
        for (int i = 0; !closed; i++) {
            long due = begin + i * EVERY_NANOS;
            LockSupport.parkNanos(due - System.nanoTime());
            CompletableFuture<?> answer =
                    switch (i % 3) {
                        case 0 -> api.ask("/api/v1/runs?limit=20");
                        case 1 -> api.ask("/api/v1/runs/" + run);
                        default -> api.start(project);
                    };
            millis.add(answer.handle(
                    (done, failure) -> failure == null ? (System.nanoTime() - due) / 1e6 : Double.POSITIVE_INFINITY));
        }
    }
}
