package dev.flujo.runner.checkout;

import dev.flujo.event.plan.Supplies.Checkout;
import dev.flujo.runner.checkout.Git.Place;
import dev.flujo.runner.checkout.Git.Way;
import dev.flujo.runner.egress.NameService;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;

/**
 * Brings one exact commit into a workspace, and what it names elsewhere if that is asked for, with a git that trusts nothing: only by the
 * transports https and ssh, to addresses that were looked up and checked before, and from files only below allowed directories.
 * Every argument that comes from outside is checked and stands behind {@code --}. Submodules are repositories as any other, of which each
 * is checked in the same way.
 */
public final class GitCheckout implements AutoCloseable {

    private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}|[0-9a-f]{64}");
    private static final Pattern REMOTE =
            Pattern.compile("(https|ssh)://[A-Za-z0-9\\[][A-Za-z0-9._@:\\[\\]-]*/[^\\s\\\\]+");
    /** More than the times of files are behind. */
    private static final Duration KERNEL_CLOCK = Duration.ofMillis(20);

    /** So many repositories may be in one another. */
    private static final int DEEPEST = 10;

    /** So many submodules may one commit have, with theirs. */
    private static final int MOST_SUBMODULES = 200;

    private final List<Path> localDirectories;
    private final Set<String> privateHosts;
    private final NameService names;
    private final HostFiles hosts;
    private final Git git;
    private final LargeFiles largeFiles;
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
        this.git = new Git(home);
        this.largeFiles = new LargeFiles(git, privateHosts, names, hosts);
        this.mirrors = mirrors;
        this.ahead = ahead;
    }

    /** Ends what an earlier life of the runner has left at work on the workspace. */
    public void abandon(Path workspace) {
        Git.processes(workspace).end(Duration.ZERO);
    }

    /** Checks out the commit, unless it is stopped first; what git says goes to the output file. */
    public void checkOut(
            String repository,
            String commit,
            Optional<Checkout> more,
            Path workspace,
            Path output,
            BooleanSupplier stopped)
            throws CheckoutException, IOException, InterruptedException {
        Place place = new Place(workspace, output, stopped);
        Way way = way(repository);
        checkCommit(commit);
        if (!ahead.take(repository, workspace)) {
            git.succeed(place, way, "init", "--quiet", "--", workspace.toString());
        }
        if (bring(repository, commit, place, way)) {
            ahead.make(
                    repository,
                    (at, words) -> makeAhead(
                            mirrors.of(repository).orElseThrow(),
                            commit,
                            new Place(at, at, words, () -> false, true),
                            way));
        }
        if (more.isPresent()) {
            complete(repository, more.get(), place, way, 0, new AtomicInteger());
        }
    }

    private static void checkCommit(String commit) throws CheckoutException {
        if (!COMMIT.matcher(commit).matches()) {
            throw new CheckoutException("Expected a commit as 40 or 64 hexadecimal digits, but found '" + commit + "'");
        }
    }

    /** Brings the commit's own files into a repository that is there; tells whether they came from its mirror. */
    private boolean bring(String repository, String commit, Place place, Way way)
            throws CheckoutException, IOException, InterruptedException {
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
        Git.succeeded("checkout", code);
        return laid;
    }

    /** Brings what the commit that lies there names elsewhere. */
    private void complete(String repository, Checkout more, Place place, Way way, int depth, AtomicInteger submodules)
            throws CheckoutException, IOException, InterruptedException {
        if (more.lfs() && largeFiles.lay(repository, place, way, mirrors.of(repository))) {
            mirrors.makeRoom();
        }
        if (!more.submodules()) {
            return;
        }
        for (Submodule submodule : Submodule.allOf(repository, git, place, way)) {
            if (depth == DEEPEST || submodules.incrementAndGet() > MOST_SUBMODULES) {
                throw new CheckoutException("Expected at most " + MOST_SUBMODULES + " submodules, " + DEEPEST
                        + " of them in one another, but there is '" + submodule.path() + "' beyond that");
            }
            Place inside = submodule.placeIn(place);
            Way there;
            try {
                there = way(submodule.url());
            } catch (CheckoutException e) {
                throw new CheckoutException("submodule '" + submodule.path() + "': " + e.getMessage());
            }
            git.succeed(
                    inside, there, "init", "--quiet", "--", inside.directory().toString());
            bring(submodule.url(), submodule.commit(), inside, there);
            complete(submodule.url(), more, inside, there, depth + 1, submodules);
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
        git.succeed(place, way, "init", "--quiet", "--", place.directory().toString());
        if (!mirror.lay(commit, place.directory().resolve(".git"), there -> false, place.stopped())) {
            throw new CheckoutException("Expected " + commit + " in the mirror, but it is not there any more");
        }
        int code = write(commit, place, way);
        if (code != 0) {
            mirror.forget();
        }
        Git.succeeded("checkout", code);
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
        return git.run(place, way, "checkout", "--quiet", "--detach", commit, "--");
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
                        git.succeed(there, way, "init", "--quiet", "--bare", "--template=", "--", at.toString());
                    }
                    grown.set(git.run(there, way, shallow(repository, commit + ":refs/flujo/" + commit)) == 0);
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
        if (alone && git.run(place, way, shallow(repository, commit)) == 0) {
            return;
        }
        git.succeed(
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
            return new Way(host.transport(), options, host.sshOptions() + hosts.sshOptions(host), Optional.of(host));
        }
        if (allowedHere(repository)) {
            return new Way("file", List.of(), "", Optional.empty());
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
}
