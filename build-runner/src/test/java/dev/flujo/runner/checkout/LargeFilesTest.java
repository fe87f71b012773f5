package dev.flujo.runner.checkout;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.flujo.event.plan.Supplies.Checkout;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Files that Git LFS keeps, of a forge that wants to know who asks, and of a repository on this machine. */
@Timeout(60)
class LargeFilesTest {

    private static final String TOKEN = "s3cret-t0ken";
    private static final byte[] CONTENT = new byte[2_000_000];

    @TempDir
    Path directory;

    private GitRepository repository;
    private FakeForge forge;
    private Path hosts;
    private String sha256;
    private String commit;
    private int workspaces;

    @BeforeEach
    void begin() throws Exception {
        new Random(7).nextBytes(CONTENT);
        sha256 = digest(CONTENT);
        repository = GitRepository.make(directory.resolve("repositories/shop"));
        Files.writeString(repository.path().resolve(".gitattributes"), "*.bin filter=lfs diff=lfs merge=lfs -text\n");
        Files.writeString(repository.path().resolve("no.txt"), pointer(sha256, CONTENT.length));
        Files.writeString(repository.path().resolve("real.bin"), "this is no pointer");
        Files.writeString(repository.path().resolve("twice.bin"), pointer(sha256, CONTENT.length));
        assertTrue(repository.path().resolve("twice.bin").toFile().setExecutable(true));
        commit = repository.commit("large.bin", pointer(sha256, CONTENT.length));
        forge = new FakeForge(directory.resolve("forge"), repository.path(), "robot:" + TOKEN);
        forge.keep(sha256, CONTENT);
        hosts = Files.createDirectories(directory.resolve("hosts"));
        Files.copy(forge.authority(), hosts.resolve(FakeForge.HOST + ".pem"));
        Files.writeString(hosts.resolve(FakeForge.HOST + ".credentials"), "username=robot\npassword=" + TOKEN + "\n");
    }

    @AfterEach
    void end() {
        forge.close();
    }

    @Test
    void takeThePlaceOfTheirPointers() throws Exception {
        Path workspace = checkOut(forge.url());

        assertArrayEquals(CONTENT, Files.readAllBytes(workspace.resolve("large.bin")));
        assertArrayEquals(CONTENT, Files.readAllBytes(workspace.resolve("twice.bin")));
        assertTrue(Files.isExecutable(workspace.resolve("twice.bin")));
        assertFalse(Files.isExecutable(workspace.resolve("large.bin")));
        assertEquals(pointer(sha256, CONTENT.length), Files.readString(workspace.resolve("no.txt")));
        assertEquals("this is no pointer", Files.readString(workspace.resolve("real.bin")));
        assertEquals(List.of(sha256), forge.downloads());
    }

    @Test
    void areNoChangesInTheEyesOfGit() throws Exception {
        Path workspace = checkOut(forge.url());

        assertEquals("", GitRepository.gitIn(workspace, "status", "--porcelain"));
    }

    @Test
    void comeFromTheMirrorTheSecondTime() throws Exception {
        checkOut(forge.url());
        Path second = checkOut(forge.url());

        assertArrayEquals(CONTENT, Files.readAllBytes(second.resolve("large.bin")));
        assertEquals(List.of(sha256), forge.downloads());
    }

    @Test
    void countForWhatMayBeKeptOfRepositories() throws Exception {
        Mirrors mirrors = new Mirrors(directory.resolve("mirrors"), CONTENT.length);

        checkOut(forge.url(), mirrors);
        checkOut(forge.url(), mirrors);

        assertEquals(List.of(sha256, sha256), forge.downloads());
    }

    @Test
    void stayPointersWhereNobodyAsksForThem() throws Exception {
        Path workspace = Files.createDirectories(directory.resolve("workspace"));

        checkout(new Mirrors(directory.resolve("mirrors"), 1L << 30))
                .checkOut(
                        forge.url(),
                        commit,
                        Optional.of(new Checkout(true, false)),
                        workspace,
                        directory.resolve("output"),
                        () -> false);

        assertEquals(pointer(sha256, CONTENT.length), Files.readString(workspace.resolve("large.bin")));
    }

    @Test
    void areWhatTheCommitSaysOfThemOrNothing() throws Exception {
        byte[] other = CONTENT.clone();
        other[17]++;
        forge.keep(sha256, other);
        assertRefused("Expected the large file " + sha256 + " of 2000000 bytes, but what came has");

        forge.keep(sha256, new byte[CONTENT.length + 1]);
        assertRefused("Expected");

        forge.keep(sha256, new byte[1]);
        assertRefused("but what came has 1 and the digest");
    }

    @Test
    void thatTheServerDoesNotHaveAreNamed() throws Exception {
        Files.writeString(repository.path().resolve("lost.bin"), pointer("0".repeat(64), 3));
        commit = repository.commit("file", "more");

        assertRefused("Expected the large file " + "0".repeat(64));
    }

    @Test
    void areNotFetchedFromWhereNobodyMayGo() throws Exception {
        for (String url : List.of(
                "https://127.0.0.1:1/",
                "https://localhost:1/",
                "https://169.254.169.254/latest/",
                "http://example.org/",
                "file:///etc/passwd#",
                "https://[::1]:1/")) {
            forge.keepElsewhere(url);

            assertRefused("Expected");
        }
        assertEquals(List.of(), forge.downloads());
    }

    @Test
    void areGivenToNobodyWhoDoesNotSayWhoHeIs() throws Exception {
        Files.delete(hosts.resolve(FakeForge.HOST + ".credentials"));
        Path workspace = Files.createDirectories(directory.resolve("workspace"));
        LfsServer server = new LfsServer(
                forge.url(),
                RemoteHost.of(forge.url(), host -> List.of(InetAddress.getLoopbackAddress()), Set.of(FakeForge.HOST)),
                new HostFiles(Optional.of(hosts)),
                Set.of(FakeForge.HOST),
                host -> List.of(InetAddress.getLoopbackAddress()),
                () -> false);

        CheckoutException refused = assertThrows(
                CheckoutException.class,
                () -> server.fetch(
                        List.of(new LfsPointer(sha256, CONTENT.length)), workspace.resolve("to"), pointer -> {
                            throw new AssertionError("not reached");
                        }));
        server.close();

        assertTrue(refused.getMessage().contains("it answered 401; who the runner is at"), refused.getMessage());
    }

    @Test
    void areNotWaitedForOnceTheJobIsStopped() throws Exception {
        AtomicBoolean stopped = new AtomicBoolean();
        LfsServer server = new LfsServer(
                "https://" + FakeForge.HOST + ":1/shop",
                RemoteHost.of(forge.url(), host -> List.of(InetAddress.getLoopbackAddress()), Set.of(FakeForge.HOST)),
                HostFiles.NONE,
                Set.of(FakeForge.HOST),
                host -> {
                    stopped.set(true);
                    while (!Thread.currentThread().isInterrupted()) {
                        Thread.onSpinWait();
                    }
                    return List.of();
                },
                stopped::get);

        CheckoutException refused = assertThrows(
                CheckoutException.class,
                () -> server.fetch(List.of(new LfsPointer(sha256, 1)), directory.resolve("to"), pointer -> {
                    throw new AssertionError("not reached");
                }));
        server.close();

        assertEquals("Expected large files to arrive, but the job was stopped", refused.getMessage());
    }

    @Test
    void ofARepositoryOnThisMachineLieInIt() throws Exception {
        Path objects = Files.createDirectories(repository
                .path()
                .resolve(".git/lfs/objects")
                .resolve(sha256.substring(0, 2))
                .resolve(sha256.substring(2, 4)));
        Files.write(objects.resolve(sha256), CONTENT);

        assertArrayEquals(CONTENT, Files.readAllBytes(checkOut(repository.url()).resolve("large.bin")));
    }

    @Test
    void thatARepositoryOnThisMachineLacksAreNamed() {
        CheckoutException refused = assertThrows(CheckoutException.class, () -> checkOut(repository.url()));

        assertTrue(
                refused.getMessage().startsWith("Expected the large file " + sha256 + " in " + repository.path()),
                refused.getMessage());
    }

    private void assertRefused(String beginning) {
        CheckoutException refused = assertThrows(CheckoutException.class, () -> checkOut(forge.url()));

        assertTrue(refused.getMessage().contains(beginning), refused.getMessage());
    }

    private Path checkOut(String url) throws Exception {
        return checkOut(url, new Mirrors(directory.resolve("mirrors"), 1L << 30));
    }

    private Path checkOut(String url, Mirrors mirrors) throws Exception {
        Path workspace = Files.createDirectories(directory.resolve("workspace" + workspaces++));
        checkout(mirrors)
                .checkOut(
                        url,
                        commit,
                        Optional.of(new Checkout(false, true)),
                        workspace,
                        directory.resolve("output"),
                        () -> false);
        return workspace;
    }

    private GitCheckout checkout(Mirrors mirrors) {
        return FakeForge.checkout(directory, hosts, mirrors);
    }

    private static String pointer(String sha256, long bytes) {
        return "version https://git-lfs.github.com/spec/v1\noid sha256:" + sha256 + "\nsize " + bytes + "\n";
    }

    private static String digest(byte[] content) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    }
}
