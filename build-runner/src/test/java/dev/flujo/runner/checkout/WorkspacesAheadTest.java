package dev.flujo.runner.checkout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.flujo.kit.process.MarkedProcesses;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Checkouts into workspaces that were made ahead. */
@Timeout(120)
class WorkspacesAheadTest {

    @TempDir
    Path directory;

    private final ExecutorService maker = Executors.newSingleThreadExecutor();
    private GitRepository repository;
    private GitCheckout checkout;
    private int workspaces;

    @BeforeEach
    void make() throws Exception {
        repository = GitRepository.make(allowed().resolve("shop"));
        checkout = checkout(1);
    }

    @AfterEach
    void end() {
        checkout.close();
    }

    @Test
    void theNextCheckoutGetsFilesThatWereThereBefore() throws Exception {
        checkOut(repository.commit("file", "first"));
        Object prepared = Files.getAttribute(only(ahead()).resolve("large"), "unix:ino");

        Path second = checkOut(repository.commit("file", "second"));

        assertEquals(prepared, Files.getAttribute(second.resolve("large"), "unix:ino"));
        assertEquals("second", Files.readString(second.resolve("file")));
        assertNotEquals(prepared, Files.getAttribute(only(ahead()).resolve("large"), "unix:ino"));
    }

    @Test
    void aWorkspaceHasWhatItsCommitHasAndNothingElse() throws Exception {
        Files.createDirectories(repository.path().resolve("gone"));
        Files.writeString(repository.path().resolve("gone/link"), "was a file");
        checkOut(repository.commit("gone/file", "first"));
        repository.git("rm", "-r", "--quiet", "gone");
        Files.createSymbolicLink(repository.path().resolve("gone"), Path.of("/etc"));

        Path second = checkOut(repository.commit("file", "second"));

        assertEquals("", GitRepository.gitIn(second, "status", "--porcelain", "--ignored"));
        assertTrue(Files.isSymbolicLink(second.resolve("gone")));
        assertEquals("1", GitRepository.gitIn(second, "rev-list", "--count", "HEAD"));
        GitRepository.gitIn(second, "fsck", "--full", "--strict");
    }

    @Test
    void whatAJobLeavesInItsWorkspaceNobodyElseFinds() throws Exception {
        String commit = repository.commit("file", "first");
        checkOut(commit);
        Path second = checkOut(commit);
        Files.writeString(second.resolve("left"), "behind");
        Files.writeString(second.resolve(".git/info/exclude"), "left\n");
        Files.writeString(second.resolve("file"), "changed");

        Path third = checkOut(commit);

        assertEquals("first", Files.readString(third.resolve("file")));
        assertFalse(Files.exists(third.resolve("left")));
        assertFalse(Files.readString(third.resolve(".git/info/exclude")).contains("left"));
    }

    @Test
    void aWorkspaceIsAsOpenAsTheOneThatItTakesThePlaceOf() throws Exception {
        String commit = repository.commit("file", "first");
        checkOut(commit);
        Path workspace = workspace();
        Files.setPosixFilePermissions(workspace, PosixFilePermissions.fromString("rwxr-x--x"));

        checkOut(commit, workspace);

        assertEquals("rwxr-x--x", PosixFilePermissions.toString(Files.getPosixFilePermissions(workspace)));
    }

    @Test
    void thatOfTheRepositoryThatWasUsedBeforeOthersMakesRoom() throws Exception {
        checkOut(repository.commit("file", "first"));
        Path ahead = only(ahead());
        repository = GitRepository.make(allowed().resolve("other"));
        checkOut(repository.commit("file", "of the other"));

        assertEquals("of the other", Files.readString(only(ahead()).resolve("file")));
        assertFalse(Files.exists(ahead));
    }

    @Test
    void noneIsKeptWhereNothingIsKeptOfRepositories() throws Exception {
        checkOut(repository.commit("file", "first"));

        checkout.forgetRepositories();

        assertEquals(List.of(), list(ahead()));
    }

    @Test
    void whatAnEarlierLifeHasMadeIsRemovedWithWhoeverIsStillAtWork() throws Exception {
        checkOut(repository.commit("file", "first"));
        Path left = Files.createDirectories(ahead().resolve("7"));
        ProcessBuilder command = new ProcessBuilder("sleep", "1000");
        command.environment().put("FLUJO_CHECKOUT", left.toString());
        Process sleeps = command.start();

        checkout = checkout(1);
        maker.submit(() -> {}).get();

        assertEquals(List.of(), list(ahead()));
        sleeps.waitFor();
        assertEquals(List.of(), new MarkedProcesses("FLUJO_CHECKOUT", left.toString()).living());
    }

    @Test
    void aMirrorThatIsDamagedIsThrownAwayByWhoMakesOneOfIt() throws Exception {
        String commit = repository.commit("file", "first");
        checkOut(commit);
        for (Path pack : list(only(directory.resolve("mirrors")).resolve("objects/pack"))) {
            assertTrue(pack.toFile().setWritable(true));
            Files.write(pack, new byte[1000]);
        }

        assertEquals("first", Files.readString(checkOut(commit).resolve("file")));
        assertEquals(List.of(), list(ahead()));

        assertEquals("first", Files.readString(checkOut(commit).resolve("file")));
    }

    @Test
    void aCommitThatIsNotThereIsNoneThatWasThereBefore() throws Exception {
        checkOut(repository.commit("file", "first"));

        assertThrows(CheckoutException.class, () -> checkOut("0123456789012345678901234567890123456789"));
    }

    private GitCheckout checkout(int most) {
        return new GitCheckout(
                List.of(allowed()),
                Set.of(),
                host -> List.of(InetAddress.getLoopbackAddress()),
                HostFiles.NONE,
                directory.resolve("home"),
                new Mirrors(directory.resolve("mirrors"), 1L << 30),
                new WorkspacesAhead(ahead(), most, maker));
    }

    /** Also waits until the next one has been made. */
    private Path checkOut(String commit) throws Exception {
        return checkOut(commit, workspace());
    }

    private Path checkOut(String commit, Path workspace) throws Exception {
        checkout.checkOut(
                repository.url(), commit, Optional.empty(), workspace, directory.resolve("output"), () -> false);
        maker.submit(() -> {}).get();
        return workspace;
    }

    private Path workspace() throws IOException {
        return Files.createDirectories(directory.resolve("workspace" + workspaces++));
    }

    private Path allowed() {
        return directory.resolve("allowed");
    }

    private Path ahead() {
        return directory.resolve("ahead");
    }

    private static Path only(Path parent) throws IOException {
        List<Path> all = list(parent).stream().filter(Files::isDirectory).toList();
        assertEquals(1, all.size());
        return all.get(0);
    }

    private static List<Path> list(Path parent) throws IOException {
        try (Stream<Path> files = Files.list(parent)) {
            return files.toList();
        }
    }
}
