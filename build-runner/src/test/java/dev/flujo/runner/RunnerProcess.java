package dev.flujo.runner;

import dev.flujo.event.AssignmentEvent.WorkAssigned;
import dev.flujo.event.Attempt;
import dev.flujo.event.Envelope;
import dev.flujo.event.RunnerEvent;
import dev.flujo.event.RunnerEvent.RunnerAlive;
import dev.flujo.event.Topic;
import dev.flujo.event.Work;
import dev.flujo.stack.Await;
import dev.flujo.stack.TestLog;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The runner as it is packaged, in a process of its own, between topics that a test writes and reads. */
final class RunnerProcess implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Path JAR =
            Path.of("target/quarkus-app/quarkus-run.jar").toAbsolutePath();

    private final Path directory;
    private final TestLog log;
    private final Process process;

    private RunnerProcess(Path directory, TestLog log, Process process) {
        this.directory = directory;
        this.log = log;
        this.process = process;
    }

    /** Starts one, and waits until it says that it lives. */
    static RunnerProcess start(Path directory, String bootstrapServers, TestLog log, Map<String, String> settings)
            throws IOException {
        long before = log.size(Topic.RUNNERS.topicName());
        RunnerProcess runner = new RunnerProcess(directory, log, launch(directory, bootstrapServers, settings));
        if (!Await.until(PATIENCE, () -> log.size(Topic.RUNNERS.topicName()) > before)) {
            runner.process.destroyForcibly();
            throw new AssertionError("the runner does not live: " + runner.words());
        }
        return runner;
    }

    /** Starts one that writes what it says into {@code runner.log} of the directory. */
    static Process launch(Path directory, String bootstrapServers, Map<String, String> settings) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin/java").toString(),
                        "-Xmx128m",
                        "-XX:TieredStopAtLevel=1",
                        "-jar",
                        JAR.toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        directory.resolve("runner.log").toFile()));
        builder.environment()
                .putAll(Map.of(
                        "KAFKA_BOOTSTRAP_SERVERS",
                        bootstrapServers,
                        "QUARKUS_HTTP_PORT",
                        Integer.toString(Await.freePort()),
                        "FLUJO_RUNNER_DIRECTORY",
                        directory.resolve("runner").toString(),
                        "FLUJO_RUNNER_HEARTBEAT",
                        "200ms",
                        "FLUJO_RUNNER_POOL",
                        "pool-" + directory.getFileName(),
                        "FLUJO_BLOBS_DIRECTORY",
                        directory.resolve("blobs").toString()));
        builder.environment().putAll(settings);
        return builder.start();
    }

    String id() throws IOException {
        return Files.readString(directory.resolve("runner/runner-id")).trim();
    }

    /** Gives it an attempt of a job with one step. */
    Attempt assign(String script) throws IOException {
        Work work = Works.of(script);
        log.write(
                Topic.ASSIGNMENTS,
                id(),
                Envelope.of(
                        UUID.randomUUID().toString(),
                        URI.create("/test"),
                        Instant.now(),
                        UUID.randomUUID(),
                        new WorkAssigned(id(), work, Instant.now(), 30)));
        return work.attempt();
    }

    /** Asks it to end. */
    void ask() {
        process.destroy();
    }

    void kill() throws InterruptedException {
        process.destroyForcibly();
        process.waitFor();
    }

    boolean alive() {
        return process.isAlive();
    }

    /** How it has ended. */
    int exitCode() throws InterruptedException {
        if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            throw new AssertionError("the runner does not end: " + words());
        }
        return process.exitValue();
    }

    /** What it has said of itself to its pool. */
    List<RunnerEvent> said() throws IOException {
        String id = id();
        return log.events(Topic.RUNNERS).stream()
                .map(envelope -> (RunnerEvent) envelope.event())
                .filter(event -> event.runner().equals(id))
                .toList();
    }

    /** Whether the last that it said of itself is that it lives and takes nothing more. */
    boolean drains() throws IOException {
        List<RunnerEvent> said = said();
        return said.get(said.size() - 1) instanceof RunnerAlive alive && alive.draining();
    }

    String words() {
        try (Stream<String> lines = Files.lines(directory.resolve("runner.log"))) {
            return String.join("\n", lines.toList());
        } catch (IOException e) {
            return e.toString();
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
