package dev.flujo.stack;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One server as a process of its own, in a session of its own so that it outlives whoever started it. Its pid and start
 * time are kept in a file, so that another Flujo process finds it again, and never mistakes another process for it.
 */
public final class ServerProcess {

    private final String name;
    private final PidFile pidFile;
    private final LogFile log;
    private final Map<String, String> environment;
    private Optional<ProcessHandle> handle = Optional.empty();

    public ServerProcess(String name, Path runDirectory, Path logDirectory) {
        this(name, runDirectory, logDirectory, Map.of());
    }

    /** @param environment what the process, and all that it begins, has in its environment however it is launched */
    ServerProcess(String name, Path runDirectory, Path logDirectory, Map<String, String> environment) {
        this.name = name;
        this.environment = Map.copyOf(environment);
        this.pidFile = new PidFile(runDirectory.resolve(name + ".pid"));
        this.log = new LogFile(logDirectory.resolve(name + ".log"));
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
        return log.file();
    }

    /** Starts the process; its output is appended to its log. */
    public void start(Launch launch) {
        try {
            Files.createDirectories(log.file().getParent());
            Files.createDirectories(launch.directory());
            List<String> command = new ArrayList<>(List.of("setsid"));
            command.addAll(launch.command());
            ProcessBuilder builder = new ProcessBuilder(command)
                    .directory(launch.directory().toFile())
                    .redirectErrorStream(true)
                    .redirectInput(
                            ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.file().toFile()));
            builder.environment().putAll(launch.environment());
            builder.environment().putAll(environment);
            begin(builder);
        } catch (IOException e) {
            throw new StackException("Expected to start " + name + ", but " + e.getMessage(), e);
        }
    }

    /** What cannot be noted must not run: nobody would find it again. */
    private void begin(ProcessBuilder builder) throws IOException {
        ProcessHandle started = builder.start().toHandle();
        try {
            pidFile.write(started);
        } catch (StackException e) {
            started.destroyForcibly();
            throw e;
        }
        handle = Optional.of(started);
    }

    /** The living process, also when another Flujo process started it. */
    public Optional<ProcessHandle> process() {
        if (handle.isEmpty()) {
            handle = pidFile.process();
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

    /** Whether the process has ended without having been told to. */
    public boolean crashed() {
        return pidFile.exists() && !alive();
    }

    /** Whether it was ever started. */
    boolean logged() {
        return log.exists();
    }

    /** The last lines of the log, for a message about why it does not run. */
    public String lastLines(int count) {
        return log.lastLines(count);
    }

    private void forget() {
        handle = Optional.empty();
        pidFile.delete();
    }

    /** Looked at often: what Java itself does for a process that is not its child comes seconds late. */
    private static boolean ended(ProcessHandle process, Duration patience) {
        return Await.until(patience, () -> !process.isAlive());
    }
}
