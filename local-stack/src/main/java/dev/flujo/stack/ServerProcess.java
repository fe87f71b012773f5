package dev.flujo.stack;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/**
 * One server as a process of its own, in a session of its own so that it outlives whoever started it. Its pid and start
 * time are kept in a file, so that another Flujo process finds it again, and never mistakes another process for it.
 */
public final class ServerProcess {

    private final String name;
    private final Path pidFile;
    private final Path log;
    private Optional<ProcessHandle> handle = Optional.empty();

    public ServerProcess(String name, Path runDirectory, Path logDirectory) {
        this.name = name;
        this.pidFile = runDirectory.resolve(name + ".pid");
        this.log = logDirectory.resolve(name + ".log");
    }

    /** What starts the process: command, environment on top of this process's, and working directory. */
    public record Launch(List<String> command, Map<String, String> environment, Path directory) {

        public Launch {
            command = List.copyOf(command);
            environment = Map.copyOf(environment);
        }
    }

    public String name() {
        return name;
    }

    public Path log() {
        return log;
    }

    /** Starts the process; its output is appended to its log. */
    public void start(Launch launch) {
        try {
            Files.createDirectories(pidFile.getParent());
            Files.createDirectories(log.getParent());
            Files.createDirectories(launch.directory());
            List<String> command = new ArrayList<>(List.of("setsid"));
            command.addAll(launch.command());
            ProcessBuilder builder = new ProcessBuilder(command)
                    .directory(launch.directory().toFile())
                    .redirectErrorStream(true)
                    .redirectInput(
                            ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
            builder.environment().putAll(launch.environment());
            ProcessHandle started = builder.start().toHandle();
            handle = Optional.of(started);
            Files.writeString(pidFile, started.pid() + " " + startOf(started));
        } catch (IOException e) {
            throw new StackException("Expected to start " + name + ", but " + e.getMessage(), e);
        }
    }

    /** The living process, also when another Flujo process started it. */
    public Optional<ProcessHandle> process() {
        if (handle.isEmpty()) {
            handle = recorded();
        }
        return handle.filter(ProcessHandle::isAlive);
    }

    public boolean alive() {
        return process().isPresent();
    }

    /** Asks the process to end, without waiting for it. */
    public void ask() {
        process().ifPresent(ProcessHandle::destroy);
    }

    /** Asks the process to end, and ends it when it has not within the patience. */
    public void stop(Duration patience) {
        process().ifPresent(running -> {
            running.destroy();
            if (!ended(running, patience)) {
                kill();
            }
        });
        forget();
    }

    /** Ends the process at once, as a crash would (SIGKILL). */
    public void kill() {
        process().ifPresent(running -> {
            running.destroyForcibly();
            if (!ended(running, Duration.ofSeconds(20))) {
                throw new StackException(
                        "Expected " + name + " (pid " + running.pid() + ") to end when killed, but it did not");
            }
        });
        forget();
    }

    /** The last lines of the log, for a message about why it does not run. */
    public String lastLines(int count) {
        try (Stream<String> lines = Files.lines(log, StandardCharsets.UTF_8)) {
            List<String> all = lines.toList();
            return String.join("\n", all.subList(Math.max(0, all.size() - count), all.size()));
        } catch (IOException e) {
            return "(no log: " + e.getMessage() + ")";
        }
    }

    private Optional<ProcessHandle> recorded() {
        if (!Files.isRegularFile(pidFile)) {
            return Optional.empty();
        }
        try {
            String[] parts = Files.readString(pidFile).trim().split(" ", -1);
            return ProcessHandle.of(Long.parseLong(parts[0]))
                    .filter(found -> startOf(found).equals(parts[1]));
        } catch (IOException | NumberFormatException | ArrayIndexOutOfBoundsException e) {
            throw new StackException("Expected pid and start time in " + pidFile + ", but " + e.getMessage(), e);
        }
    }

    private void forget() {
        handle = Optional.empty();
        try {
            Files.deleteIfExists(pidFile);
        } catch (IOException e) {
            throw new StackException("Expected to delete " + pidFile + ", but " + e.getMessage(), e);
        }
    }

    private static boolean ended(ProcessHandle process, Duration patience) {
        try {
            process.onExit().get(patience.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } catch (ExecutionException e) {
            throw new StackException("Expected to wait for pid " + process.pid() + ", but " + e.getMessage(), e);
        }
    }

    private static String startOf(ProcessHandle process) {
        return process.info()
                .startInstant()
                .map(start -> Long.toString(start.toEpochMilli()))
                .orElse("unknown");
    }
}
