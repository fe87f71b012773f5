package dev.flujo.runner.checkout;

import dev.flujo.kit.process.MarkedProcesses;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Git, which is told to trust nothing: no configuration but ours, no hooks, no redirects, and one transport. */
final class Git {

    /** The variable of all its processes that names the workspace that they work for. */
    static final String MARK = "FLUJO_CHECKOUT";

    private static final Duration PATIENCE = Duration.ofMinutes(10);
    private static final Duration STEP = Duration.ofMillis(100);

    /** How many processes write the files of one workspace, where there are many files. */
    private static final int WORKERS = Math.min(4, Runtime.getRuntime().availableProcessors());

    /**
     * Where git works, where its words go, what tells it to end, and whether others go before it.
     *
     * @param workspace what it works for: that directory, or one above it
     */
    record Place(Path directory, Path workspace, Path output, BooleanSupplier stopped, boolean patient) {

        Place(Path directory, Path output, BooleanSupplier stopped) {
            this(directory, directory, output, stopped, false);
        }

        /** A directory below. */
        Place below(String path) {
            return new Place(directory.resolve(path), workspace, output, stopped, patient);
        }
    }

    /** How git reaches a repository: by which transport, at which addresses, and at which host unless it is local. */
    record Way(String transport, List<String> options, String sshOptions, Optional<RemoteHost> host) {}

    private final Path home;

    Git(Path home) {
        this.home = home;
    }

    /** Runs git, which has to succeed. */
    void succeed(Place place, Way way, String... arguments)
            throws CheckoutException, IOException, InterruptedException {
        succeeded(arguments[0], run(place, way, arguments));
    }

    /** What git says to that, in parts with a NUL after each. */
    List<String> said(Place place, Way way, String... arguments)
            throws CheckoutException, IOException, InterruptedException {
        Path words = Files.createTempFile(place.directory().resolve(".git"), "said", "");
        try {
            succeeded(arguments[0], run(place, way, Optional.of(words), arguments));
            return List.of(new String(Files.readAllBytes(words), StandardCharsets.UTF_8).split("\0"));
        } finally {
            Files.delete(words);
        }
    }

    static void succeeded(String command, int code) throws CheckoutException {
        if (code != 0) {
            throw new CheckoutException("Expected git " + command + " to succeed, but it ended with " + code
                    + "; its words are at the beginning of the log");
        }
    }

    /** Runs git; gives its exit code. */
    int run(Place place, Way way, String... arguments) throws CheckoutException, IOException, InterruptedException {
        return run(place, way, Optional.empty(), arguments);
    }

    private int run(Place place, Way way, Optional<Path> said, String... arguments)
            throws CheckoutException, IOException, InterruptedException {
        List<String> command = new ArrayList<>(place.patient() ? List.of("nice") : List.of());
        command.addAll(guarded(way.transport()));
        command.addAll(way.options());
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(place.directory().toFile())
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        said.orElse(place.output()).toFile()))
                .redirectError(ProcessBuilder.Redirect.appendTo(place.output().toFile()));
        builder.environment().clear();
        builder.environment().putAll(environment(way));
        builder.environment().put(MARK, place.workspace().toString());
        Process git = builder.start();
        try {
            return exitCode(git, arguments[0], place.stopped());
        } finally {
            if (git.isAlive()) {
                processes(place.workspace()).end(Duration.ZERO);
            }
        }
    }

    /**
     * A git that speaks this only, goes where it is sent only, executes nothing that a repository brings, keeps what it fetches
     * in packs, as they come, and notes nothing of the commits that a workspace made ahead has had.
     */
    static List<String> guarded(String transport) {
        return new ArrayList<>(List.of(
                "git",
                "-c",
                "protocol.allow=never",
                "-c",
                "protocol." + transport + ".allow=always",
                "-c",
                "http.followRedirects=false",
                "-c",
                "core.hooksPath=/dev/null",
                "-c",
                "transfer.fsckObjects=true",
                "-c",
                "submodule.recurse=false",
                "-c",
                "credential.helper=",
                "-c",
                "safe.directory=*",
                "-c",
                "advice.detachedHead=false",
                "-c",
                "core.logAllRefUpdates=false",
                "-c",
                "fetch.unpackLimit=1",
                "-c",
                "checkout.workers=" + WORKERS,
                "-c",
                "gc.auto=0",
                "-c",
                "maintenance.auto=false"));
    }

    private static int exitCode(Process git, String command, BooleanSupplier stopped)
            throws CheckoutException, InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!git.waitFor(STEP.toMillis(), TimeUnit.MILLISECONDS)) {
            if (stopped.getAsBoolean()) {
                throw new CheckoutException("Expected git " + command + " to end, but the job was stopped");
            }
            if (System.nanoTime() > end) {
                throw new CheckoutException("Expected git " + command + " to end within " + PATIENCE.toMinutes()
                        + " minutes, but it did not");
            }
        }
        return git.exitValue();
    }

    /** What has been left at work for a workspace. */
    static MarkedProcesses processes(Path workspace) {
        return new MarkedProcesses(MARK, workspace.toString());
    }

    private Map<String, String> environment(Way way) throws IOException {
        Files.createDirectories(home);
        return Map.of(
                "PATH",
                System.getenv().getOrDefault("PATH", "/usr/bin:/bin"),
                "HOME",
                home.toString(),
                "LC_ALL",
                "C.UTF-8",
                "GIT_CONFIG_NOSYSTEM",
                "1",
                "GIT_CONFIG_GLOBAL",
                "/dev/null",
                "GIT_TERMINAL_PROMPT",
                "0",
                "GIT_ASKPASS",
                "/bin/false",
                "GIT_SSH_COMMAND",
                "ssh -oBatchMode=yes -oProxyCommand=none -oPermitLocalCommand=no" + way.sshOptions());
    }
}
