package dev.flujo.runner.checkout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.flujo.kit.process.MarkedProcesses;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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

    private static final int LARGE = GitRepository.LARGE;
    private static final long MUCH = 1L << 30;

    @TempDir
    Path directory;

    private GitRepository repository;
    private GitCheckout checkout;
    private int workspaces;

    @BeforeEach
    void make() throws Exception {
        repository = repository("shop");
        checkout = checkout(MUCH);
    }

    @Test
    void ofTheNextCommitOnlyWhatIsNewIsFetched() throws Exception {
        check(checkOut(repository.commit("file", "first")), "first");
        long before = bytes(mirrors());
        assertTrue(before > LARGE, () -> before + " bytes");

        Path second = checkOut(repository.commit("file", "second"));

        check(second, "second");
        long more = bytes(mirrors()) - before;
        assertTrue(more > 0 && more < LARGE / 10, () -> more + " more bytes");
    }

    @Test
    void theSameCommitIsCheckedOutWithoutAskingForIt() throws Exception {
        String commit = repository.commit("file", "first");
        checkOut(commit);
        Files.move(repository.path().resolve(".git"), directory.resolve("elsewhere"));

        check(checkOut(commit), "first");
    }

    @Test
    void aWorkspaceIsAWholeRepositoryOfThatCommitAlone() throws Exception {
        checkOut(repository.commit("file", "first"));
        Path workspace = checkOut(repository.commit("file", "second"));

        checkout.forgetRepositories();

        assertEquals("", GitRepository.gitIn(workspace, "status", "--porcelain"));
        assertEquals("1", GitRepository.gitIn(workspace, "rev-list", "--count", "HEAD"));
        GitRepository.gitIn(workspace, "fsck", "--full", "--strict");
        assertEquals(0, bytes(mirrors()));
    }

    @Test
    void whatAJobDoesToItsCopyReachesNobodyElse() throws Exception {
        String commit = repository.commit("file", "first");
        Path workspace = checkOut(commit);
        for (Path pack : packs(workspace.resolve(".git"))) {
            assertTrue(pack.toFile().setWritable(true));
            Files.write(pack, new byte[LARGE]);
        }

        check(checkOut(commit), "first");
    }

    @Test
    void aFetchThatWasKilledStopsNoLaterOne() throws Exception {
        checkOut(repository.commit("file", "first"));
        Path mirror = only(mirrors());
        Files.writeString(mirror.resolve("shallow.lock"), "");
        Files.writeString(mirror.resolve("objects/pack/tmp_pack_1"), "half");
        ProcessBuilder left = new ProcessBuilder("sleep", "1000");
        left.environment().put("FLUJO_CHECKOUT", mirror.toString());
        Process sleeps = left.start();
        checkout = checkout(MUCH);

        check(checkOut(repository.commit("file", "second")), "second");

        assertFalse(Files.exists(mirror.resolve("objects/pack/tmp_pack_1")));
        sleeps.waitFor();
        assertEquals(List.of(), new MarkedProcesses("FLUJO_CHECKOUT", mirror.toString()).living());
    }

    @Test
    void oneThatIsDamagedIsThrownAwayByTheCheckoutThatFindsOut() throws Exception {
        String commit = repository.commit("file", "first");
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
        checkOut(repository.commit("file", "first"));

        assertThrows(CheckoutException.class, () -> checkOut("0123456789012345678901234567890123456789"));

        assertTrue(bytes(mirrors()) > LARGE);
    }

    @Test
    void oneThatHasGrownMuchBeginsAnew() throws Exception {
        for (int i = 0; i < 6; i++) {
            repository.large("large");
            check(checkOut(repository.commit("file", "number " + i)), "number " + i);

            assertTrue(bytes(mirrors()) < 2 * LARGE + LARGE / 10, "after commit " + i);
        }
    }

    @Test
    void thatOfTheRepositoryThatWasNotUsedForTheLongestTimeMakesRoom() throws Exception {
        checkout = checkout(2 * LARGE + LARGE / 2);
        GitRepository first = repository;
        checkOut(repository.commit("file", "1"));
        GitRepository second = repository("second");
        repository = second;
        checkOut(repository.commit("file", "2"));
        repository = first;
        checkOut(repository.commit("file", "3"));
        repository = repository("third");
        checkOut(repository.commit("file", "4"));

        assertTrue(bytes(mirrors()) < 2 * LARGE + LARGE / 2);
        Files.move(first.path().resolve(".git"), directory.resolve("elsewhere"));
        repository = first;
        check(
                checkOut(Files.readString(directory.resolve("elsewhere/refs/heads/main"))
                        .strip()),
                "3");
    }

    @Test
    void whereNothingMayBeKeptNothingIs() throws Exception {
        checkout = checkout(0);

        check(checkOut(repository.commit("file", "first")), "first");

        assertFalse(Files.exists(mirrors()));
    }

    @Test
    void checkoutsAtTheSameTimeEachGetTheirCommit() throws Exception {
        List<Callable<Path>> all = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            String commit = repository.commit("file", "number " + i);
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
                HostFiles.NONE,
                directory.resolve("home"),
                new Mirrors(mirrors(), bytes),
                new WorkspacesAhead(directory.resolve("ahead"), 0));
    }

    private Path checkOut(String commit) throws Exception {
        return checkOut(commit, workspace());
    }

    private Path checkOut(String commit, Path workspace) throws Exception {
        checkout.checkOut(
                repository.url(), commit, Optional.empty(), workspace, directory.resolve("output"), () -> false);
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

    private GitRepository repository(String name) throws Exception {
        repository = GitRepository.make(directory.resolve("allowed").resolve(name));
        return repository;
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
}
