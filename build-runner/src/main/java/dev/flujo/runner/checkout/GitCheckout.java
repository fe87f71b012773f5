package dev.flujo.runner.checkout;

import dev.flujo.kit.process.MarkedProcesses;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;

/**
 * Brings one exact commit into a workspace with git, which is told to trust nothing: no configuration but ours, no hooks,
 * no redirects, no submodules, only the transports https and ssh, to addresses that were looked up and checked before, and
 * files only below allowed directories. Every argument that comes from outside is checked and stands behind {@code --}.
 */
public final class GitCheckout implements AutoCloseable {

    private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}|[0-9a-f]{64}");
    private static final Pattern REMOTE =
            Pattern.compile("(https|ssh)://[A-Za-z0-9\\[][A-Za-z0-9._@:\\[\\]-]*/[^\\s\\\\]+");
    private static final Duration PATIENCE = Duration.ofMinutes(10);
    private static final Duration STEP = Duration.ofMillis(100);
    /** More than the times of files are behind. */
    private static final Duration KERNEL_CLOCK = Duration.ofMillis(20);

    /** How many processes write the files of one workspace, where there are many files. */
    private static final int WORKERS = Math.min(4, Runtime.getRuntime().availableProcessors());

    /** The variable of all its processes that names where they work. */
    static final String MARK = "FLUJO_CHECKOUT";

    /** Where git works, where its words go, what tells it to end, and whether others go before it. */
    private record Place(Path directory, Path output, BooleanSupplier stopped, boolean patient) {

        Place(Path directory, Path output, BooleanSupplier stopped) {
            this(directory, output, stopped, false);
        }
    }

    /** How git reaches the repository: by which transport, and at which addresses. */
    private record Way(String transport, List<String> options, String sshOptions) {}

    private final List<Path> localDirectories;
    private final Set<String> privateHosts;
    private final NameService names;
    private final HostFiles hosts;
    private final Path home;
    private final Mirrors mirrors;
    private final WorkspacesAhead ahead;

    /**
     * @param localDirectories where {@code file://} repositories may lie
     * @param privateHosts hosts that may have addresses that are not public
     * @param hosts who the runner is at which host
     */
    public GitCheckout(
            List<Path> localDirectories,
            Set<String> privateHosts,
            NameService names,
            HostFiles hosts,
            Path home,
            Mirrors mirrors,
            WorkspacesAhead ahead) {
        this.localDirectories = List.copyOf(localDirectories);
        this.privateHosts = Set.copyOf(privateHosts);
        this.names = names;
        this.hosts = hosts;
        this.home = home;
        this.mirrors = mirrors;
        this.ahead = ahead;
    }

    /** Ends what an earlier life of the runner has left at work on the workspace. */
    public void abandon(Path workspace) {
        processes(workspace).end(Duration.ZERO);
    }

    /** Checks out the commit, unless it is stopped first; what git says goes to the output file. */
    public void checkOut(String repository, String commit, Path workspace, Path output, BooleanSupplier stopped)
            throws CheckoutException, IOException, InterruptedException {
        if (!COMMIT.matcher(commit).matches()) {
            throw new CheckoutException("Expected a commit as 40 or 64 hexadecimal digits, but found '" + commit + "'");
        }
        Way way = way(repository);
        Place place = new Place(workspace, output, stopped);
        if (!ahead.take(repository, workspace)) {
            git(place, way, "init", "--quiet", "--", workspace.toString());
        }
        Optional<Mirror> mirror = mirrors.of(repository);
        boolean laid = mirror.isPresent() && lay(mirror.get(), repository, commit, place, way);
        if (!laid) {
            fetch(repository, commit, place, way, mirror.isEmpty());
        }
        int code = write(commit, place, way);
        if (mirror.isPresent() && laid != (code == 0)) {
            // It is damaged, or the repository does not give it what it gives others.
            mirror.get().forget();
        }
        succeeded("checkout", code);
        if (laid) {
            ahead.make(
                    repository,
                    (at, words) -> makeAhead(mirror.get(), commit, new Place(at, words, () -> false, true), way));
        }
    }

    /** Makes room where the disk is nearly full: what is kept of repositories can be fetched again. */
    public void forgetRepositories() throws IOException {
        ahead.clear();
        mirrors.clear();
    }

    @Override
    public void close() {
        ahead.close();
    }

    /** From what the mirror has, or not at all. */
    private void makeAhead(Mirror mirror, String commit, Place place, Way way)
            throws CheckoutException, IOException, InterruptedException {
        git(place, way, "init", "--quiet", "--", place.directory().toString());
        if (!mirror.lay(commit, place.directory().resolve(".git"), there -> false, place.stopped())) {
            throw new CheckoutException("Expected " + commit + " in the mirror, but it is not there any more");
        }
        int code = write(commit, place, way);
        if (code != 0) {
            mirror.forget();
        }
        succeeded("checkout", code);
        settle(place.directory().resolve(".git/index"));
    }

    /**
     * Lets git believe its index, which it compares with files to the second: of those that are as new as the index it would read
     * all that is in them. So it is given a later second, which has to have begun before anybody can change one of them.
     */
    private static void settle(Path index) throws IOException, InterruptedException {
        long left = Duration.ofSeconds(1).toMillis()
                - System.currentTimeMillis() % Duration.ofSeconds(1).toMillis();
        TimeUnit.MILLISECONDS.sleep(left + KERNEL_CLOCK.toMillis());
        Files.setLastModifiedTime(index, FileTime.from(Instant.now()));
    }

    private int write(String commit, Place place, Way way) throws CheckoutException, IOException, InterruptedException {
        return run(place, way, "checkout", "--quiet", "--detach", commit, "--");
    }

    /** Brings the commit into the workspace by way of the repository's mirror; false if the mirror does not get it. */
    private boolean lay(Mirror mirror, String repository, String commit, Place place, Way way)
            throws CheckoutException, IOException, InterruptedException {
        AtomicBoolean grown = new AtomicBoolean();
        boolean laid = mirror.lay(
                commit,
                place.directory().resolve(".git"),
                at -> {
                    Place there = new Place(at, place.output(), place.stopped());
                    if (!Files.exists(at.resolve("HEAD"))) {
                        git(there, way, "init", "--quiet", "--bare", "--template=", "--", at.toString());
                    }
                    grown.set(run(there, way, shallow(repository, commit + ":refs/flujo/" + commit)) == 0);
                    return grown.get();
                },
                place.stopped());
        if (grown.get()) {
            mirrors.makeRoom();
        }
        return laid;
    }

    /** Brings the commit into the workspace from afar: alone if that shall be tried, or else with all branches. */
    private void fetch(String repository, String commit, Place place, Way way, boolean alone)
            throws CheckoutException, IOException, InterruptedException {
        if (alone && run(place, way, shallow(repository, commit)) == 0) {
            return;
        }
        git(
                place,
                way,
                "fetch",
                "--quiet",
                "--no-tags",
                "--no-recurse-submodules",
                "--",
                repository,
                "+refs/heads/*:refs/flujo/*");
    }

    private static String[] shallow(String repository, String what) {
        return new String[] {
            "fetch", "--quiet", "--no-tags", "--depth=1", "--no-recurse-submodules", "--", repository, what
        };
    }

    private Way way(String repository) throws CheckoutException {
        if (REMOTE.matcher(repository).matches() && !repository.contains("/-") && !repository.contains("@-")) {
            RemoteHost host = RemoteHost.of(repository, names, privateHosts);
            List<String> options = new ArrayList<>(host.options());
            options.addAll(hosts.options(host));
            return new Way(host.transport(), options, host.sshOptions());
        }
        if (allowedHere(repository)) {
            return new Way("file", List.of(), "");
        }
        throw new CheckoutException("Expected an https or ssh repository, or a file:// one below a directory of"
                + " flujo.runner.local-repositories, but found '" + repository + "'");
    }

    /** Whether it is a local repository that really lies where one may, whatever links and escapes say: git decodes %2e. */
    private boolean allowedHere(String repository) {
        if (!repository.startsWith("file:///") || repository.contains("%")) {
            return false;
        }
        try {
            Path real = Path.of(repository.substring("file://".length())).toRealPath();
            for (Path allowed : localDirectories) {
                if (Files.isDirectory(allowed) && real.startsWith(allowed.toRealPath())) {
                    return true;
                }
            }
            return false;
        } catch (IOException | InvalidPathException e) {
            return false;
        }
    }

    private void git(Place place, Way way, String... arguments)
            throws CheckoutException, IOException, InterruptedException {
        succeeded(arguments[0], run(place, way, arguments));
    }

    private static void succeeded(String command, int code) throws CheckoutException {
        if (code != 0) {
            throw new CheckoutException("Expected git " + command + " to succeed, but it ended with " + code
                    + "; its words are at the beginning of the log");
        }
    }

    private int run(Place place, Way way, String... arguments)
            throws CheckoutException, IOException, InterruptedException {
        List<String> command = new ArrayList<>(place.patient() ? List.of("nice") : List.of());
        command.addAll(guarded(way.transport()));
        command.addAll(way.options());
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(place.directory().toFile())
                .redirectErrorStream(true)
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .redirectOutput(ProcessBuilder.Redirect.appendTo(place.output().toFile()));
        builder.environment().clear();
        builder.environment().putAll(environment(way));
        builder.environment().put(MARK, place.directory().toString());
        Process git = builder.start();
        try {
            return exitCode(git, arguments[0], place.stopped());
        } finally {
            if (git.isAlive()) {
                processes(place.directory()).end(Duration.ZERO);
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

    private static MarkedProcesses processes(Path directory) {
        return new MarkedProcesses(MARK, directory.toString());
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
