package dev.flujo.runner.checkout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.flujo.kit.process.MarkedProcesses;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Checkouts of repositories that the runner has seen before. */
@Timeout(120)
class MirrorsTest {

    private static final int LARGE = 300_000;
    private static final long MUCH = 1L << 30;

    @TempDir
    Path directory;

    private final Random random = new Random(1);
    private Path repository;
    private GitCheckout checkout;
    private int workspaces;

    @BeforeEach
    void make() throws Exception {
        repository = repository("shop");
        checkout = checkout(MUCH);
    }

    @Test
    void ofTheNextCommitOnlyWhatIsNewIsFetched() throws Exception {
        check(checkOut(commit("file", "first")), "first");
        long before = bytes(mirrors());
        assertTrue(before > LARGE, () -> before + " bytes");

        Path second = checkOut(commit("file", "second"));

        check(second, "second");
        long more = bytes(mirrors()) - before;
        assertTrue(more > 0 && more < LARGE / 10, () -> more + " more bytes");
    }

    @Test
    void theSameCommitIsCheckedOutWithoutAskingForIt() throws Exception {
        String commit = commit("file", "first");
        checkOut(commit);
        Files.move(repository.resolve(".git"), directory.resolve("elsewhere"));

        check(checkOut(commit), "first");
    }

    @Test
    void aWorkspaceIsAWholeRepositoryOfThatCommitAlone() throws Exception {
        checkOut(commit("file", "first"));
        Path workspace = checkOut(commit("file", "second"));

        checkout.forgetMirrors();

        assertEquals("", git(workspace, "status", "--porcelain"));
        assertEquals("1", git(workspace, "rev-list", "--count", "HEAD"));
        git(workspace, "fsck", "--full", "--strict");
        assertEquals(0, bytes(mirrors()));
    }

    @Test
    void whatAJobDoesToItsCopyReachesNobodyElse() throws Exception {
        String commit = commit("file", "first");
        Path workspace = checkOut(commit);
        for (Path pack : packs(workspace.resolve(".git"))) {
            assertTrue(pack.toFile().setWritable(true));
            Files.write(pack, new byte[LARGE]);
        }

        check(checkOut(commit), "first");
    }

    @Test
    void aFetchThatWasKilledStopsNoLaterOne() throws Exception {
        checkOut(commit("file", "first"));
        Path mirror = only(mirrors());
        Files.writeString(mirror.resolve("shallow.lock"), "");
        Files.writeString(mirror.resolve("objects/pack/tmp_pack_1"), "half");
        ProcessBuilder left = new ProcessBuilder("sleep", "1000");
        left.environment().put("FLUJO_CHECKOUT", mirror.toString());
        Process sleeps = left.start();
        checkout = checkout(MUCH);

        check(checkOut(commit("file", "second")), "second");

        assertFalse(Files.exists(mirror.resolve("objects/pack/tmp_pack_1")));
        sleeps.waitFor();
        assertEquals(List.of(), new MarkedProcesses("FLUJO_CHECKOUT", mirror.toString()).living());
    }

    @Test
    void oneThatIsDamagedIsThrownAwayByTheCheckoutThatFindsOut() throws Exception {
        String commit = commit("file", "first");
        checkOut(commit);
        for (Path pack : packs(only(mirrors()))) {
            assertTrue(pack.toFile().setWritable(true));
            Files.write(pack, new byte[LARGE]);
        }

        assertThrows(CheckoutException.class, () -> checkOut(commit));

        check(checkOut(commit), "first");
    }

    @Test
    void aCommitThatIsNotThereCostsNoMirror() throws Exception {
        checkOut(commit("file", "first"));

        assertThrows(CheckoutException.class, () -> checkOut("0123456789012345678901234567890123456789"));

        assertTrue(bytes(mirrors()) > LARGE);
    }

    @Test
    void oneThatHasGrownMuchBeginsAnew() throws Exception {
        for (int i = 0; i < 6; i++) {
            large("large");
            check(checkOut(commit("file", "number " + i)), "number " + i);

            assertTrue(bytes(mirrors()) < 2 * LARGE + LARGE / 10, "after commit " + i);
        }
    }

    @Test
    void thatOfTheRepositoryThatWasNotUsedForTheLongestTimeMakesRoom() throws Exception {
        checkout = checkout(2 * LARGE + LARGE / 2);
        Path first = repository;
        checkOut(commit("file", "1"));
        Path second = repository("second");
        repository = second;
        checkOut(commit("file", "2"));
        repository = first;
        checkOut(commit("file", "3"));
        repository = repository("third");
        checkOut(commit("file", "4"));

        assertTrue(bytes(mirrors()) < 2 * LARGE + LARGE / 2);
        Files.move(first.resolve(".git"), directory.resolve("elsewhere"));
        repository = first;
        check(
                checkOut(Files.readString(directory.resolve("elsewhere/refs/heads/main"))
                        .strip()),
                "3");
    }

    @Test
    void whereNothingMayBeKeptNothingIs() throws Exception {
        checkout = checkout(0);

        check(checkOut(commit("file", "first")), "first");

        assertFalse(Files.exists(mirrors()));
    }

    @Test
    void checkoutsAtTheSameTimeEachGetTheirCommit() throws Exception {
        List<Callable<Path>> all = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            String commit = commit("file", "number " + i);
            Path one = workspace();
            Path other = workspace();
            all.add(() -> checkOut(commit, one));
            all.add(() -> checkOut(commit, other));
        }
        ExecutorService threads = Executors.newFixedThreadPool(all.size());
        try {
            List<Future<Path>> done = threads.invokeAll(all);

            for (int i = 0; i < done.size(); i++) {
                check(done.get(i).get(), "number " + i / 2);
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private GitCheckout checkout(long bytes) {
        return new GitCheckout(
                List.of(directory.resolve("allowed")),
                Set.of(),
                host -> List.of(InetAddress.getLoopbackAddress()),
                directory.resolve("home"),
                new Mirrors(mirrors(), bytes));
    }

    private Path checkOut(String commit) throws Exception {
        return checkOut(commit, workspace());
    }

    private Path checkOut(String commit, Path workspace) throws Exception {
        checkout.checkOut("file://" + repository, commit, workspace, directory.resolve("output"), () -> false);
        return workspace;
    }

    private synchronized Path workspace() throws IOException {
        return Files.createDirectories(directory.resolve("workspace" + workspaces++));
    }

    private Path mirrors() {
        return directory.resolve("mirrors");
    }

    private static void check(Path workspace, String text) throws IOException {
        assertEquals(text, Files.readString(workspace.resolve("file")));
        assertEquals(LARGE, Files.size(workspace.resolve("large")));
    }

    private Path repository(String name) throws Exception {
        repository = Files.createDirectories(directory.resolve("allowed").resolve(name));
        git(repository, "init", "--quiet", "-b", "main");
        large("large");
        commit("file", "nothing");
        return repository;
    }

    /** A file that no compression makes smaller. */
    private void large(String name) throws IOException {
        byte[] bytes = new byte[LARGE];
        random.nextBytes(bytes);
        Files.write(repository.resolve(name), bytes);
    }

    private String commit(String file, String text) throws Exception {
        Files.writeString(repository.resolve(file), text);
        git(repository, "add", "--all");
        git(repository, "commit", "--quiet", "-m", text);
        return git(repository, "rev-parse", "HEAD");
    }

    private static Path only(Path parent) throws IOException {
        try (Stream<Path> files = Files.list(parent)) {
            List<Path> all = files.toList();
            assertEquals(1, all.size());
            return all.get(0);
        }
    }

    private static List<Path> packs(Path git) throws IOException {
        try (Stream<Path> files = Files.list(git.resolve("objects/pack"))) {
            return files.filter(file -> file.toString().endsWith(".pack")).toList();
        }
    }

    private static long bytes(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.mapToLong(
                            file -> file.toFile().isFile() ? file.toFile().length() : 0)
                    .sum();
        }
    }

    private static String git(Path at, String... arguments) throws IOException, InterruptedException {
        List<String> command =
                new ArrayList<>(List.of("git", "-c", "user.name=a", "-c", "user.email=a@b", "-c", "safe.directory=*"));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command)
                .directory(at.toFile())
                .redirectErrorStream(true)
                .start();
        String words = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        assertEquals(0, process.waitFor(), words);
        return words;
    }
}
