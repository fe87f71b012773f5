package dev.flujo.bench;

import dev.flujo.stack.Await;
import dev.flujo.stack.Checkout;
import dev.flujo.stack.LocalStack;
import dev.flujo.stack.Ports;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** A Flujo of its own, on free ports and empty data, that is measured and then ended. */
final class Session implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Duration TO_END = Duration.ofSeconds(40);
    private static final String RUNNER = "build-runner";

    private final Path directory;
    private final Ports ports = Ports.free();
    private LocalStack stack;
    private final Api api;

    Session(Path directory) {
        this.directory = directory;
        this.stack = stack(Map.of());
        try {
            stack.start(LocalStack.Progress.silent());
        } catch (RuntimeException e) {
            stack.stop(LocalStack.Progress.silent());
            throw e;
        }
        this.api = new Api(stack.url(), stack.adminToken());
    }

    LocalStack stack() {
        return stack;
    }

    Api api() {
        return api;
    }

    RunLog runLog() {
        return new RunLog(stack.kafka().bootstrapServers());
    }

    /** The number of the runner's process. */
    long runner() {
        return stack.service(RUNNER).process().process().orElseThrow().pid();
    }

    /** A directory of its own for what is started beside the stack. */
    Path beside(String name) {
        return directory.resolve(name);
    }

    /** Ends the runner: what is asked for waits from now on. */
    void withoutRunner() {
        stack.service(RUNNER).process().stop(TO_END);
    }

    /** A witness that nobody has written to. */
    Witness witness(String name) {
        return new Witness(directory.resolve(name + ".witness"));
    }

    /** Lets the runner execute with this executor, so many attempts at once. */
    void runWith(String executor, int slots) {
        runWith(Map.of("FLUJO_RUNNER_EXECUTOR", executor, "FLUJO_RUNNER_SLOTS", Integer.toString(slots)));
    }

    /** Lets the runner execute with these variables in its environment. */
    void runWith(Map<String, String> environment) {
        withoutRunner();
        stack = stack(environment);
        stack.service(RUNNER).start();
        stack.service(RUNNER).awaitReady();
    }

    /** Waits for a condition; a measurement whose condition never comes has failed. */
    void await(Supplier<String> what, BooleanSupplier condition) {
        if (!Await.until(PATIENCE, condition)) {
            throw new IllegalStateException("Expected " + what.get() + " within " + PATIENCE.toMinutes()
                    + " minutes, but it did not come; the stack's logs are in "
                    + stack.home().resolve("logs"));
        }
    }

    /** Waits until the history knows that these runs have ended well. */
    void awaitInHistory(List<String> runs) {
        await(() -> "the history to hold " + runs.size() + " runs, among them " + runs.get(0), () -> runs.stream()
                .allMatch(this::succeeded));
    }

    private boolean succeeded(String run) {
        return api.find("/api/v1/runs/" + run)
                .filter(found -> found.path("state").asText().equals("SUCCEEDED"))
                .isPresent();
    }

    @Override
    public void close() {
        stack.stop(LocalStack.Progress.silent());
    }

    private LocalStack stack(Map<String, String> runner) {
        return new LocalStack(Checkout.find(), directory.resolve("stack"), ports, Map.of(RUNNER, runner));
    }
}
