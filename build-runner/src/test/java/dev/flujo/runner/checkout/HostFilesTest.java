package dev.flujo.runner.checkout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Checkouts over HTTPS from a forge that wants to know who asks. */
@Timeout(60)
class HostFilesTest {

    private static final String TOKEN = "s3cret-t0ken";

    @TempDir
    Path directory;

    private GitRepository repository;
    private FakeForge forge;
    private Path hosts;
    private int workspaces;

    @BeforeEach
    void begin() throws Exception {
        repository = GitRepository.make(directory.resolve("repository"));
        forge = new FakeForge(directory.resolve("forge"), repository.path(), "robot:" + TOKEN);
        hosts = Files.createDirectories(directory.resolve("it's hosts"));
    }

    @AfterEach
    void end() {
        forge.close();
    }

    @Test
    void aPrivateRepositoryIsReadByWhoTheRunnerIsThere() throws Exception {
        trust();
        know(FakeForge.HOST, TOKEN);

        Path first = checkOut(repository.commit("file", "first"));
        Path second = checkOut(repository.commit("file", "second"));

        assertEquals("first", Files.readString(first.resolve("file")));
        assertEquals("second", Files.readString(second.resolve("file")));
        try (Stream<Path> mirrors = Files.list(directory.resolve("mirrors"))) {
            assertEquals(1, mirrors.count());
        }
    }

    @Test
    void noSecretIsLeftInTheWorkspaceOrInWhatGitSays() throws Exception {
        trust();
        know(FakeForge.HOST, TOKEN);

        Path workspace = checkOut(repository.commit("file", "first"));

        for (Path root : List.of(workspace, directory.resolve("mirrors"))) {
            try (Stream<Path> files = Files.walk(root)) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    assertFalse(
                            Files.readString(file, StandardCharsets.ISO_8859_1).contains(TOKEN), file.toString());
                }
            }
        }
        assertFalse(Files.readString(directory.resolve("output")).contains(TOKEN));
    }

    @Test
    void whatIsKnownOfOneHostNoOtherHears() throws Exception {
        trust();
        know("other.example", TOKEN);

        assertThrows(CheckoutException.class, () -> checkOut(repository.commit("file", "first")));

        assertEquals(List.of("null"), forge.refused().stream().distinct().toList());
    }

    @Test
    void aWrongPasswordFailsTheCheckoutAndStaysInItsFile() throws Exception {
        trust();
        know(FakeForge.HOST, "wrong");

        assertThrows(CheckoutException.class, () -> checkOut(repository.commit("file", "first")));

        assertTrue(
                Files.readString(hosts.resolve(FakeForge.HOST + ".credentials")).contains("wrong"));
    }

    @Test
    void aForgeWhoseCertificateNobodyVouchesForIsToldNothing() throws Exception {
        know(FakeForge.HOST, TOKEN);

        assertThrows(CheckoutException.class, () -> checkOut(repository.commit("file", "first")));

        assertEquals(List.of(), forge.refused());
        assertTrue(Files.readString(directory.resolve("output")).contains("certificate"));
    }

    private void trust() throws Exception {
        Files.copy(forge.authority(), hosts.resolve(FakeForge.HOST + ".pem"));
    }

    private void know(String host, String password) throws Exception {
        Files.writeString(hosts.resolve(host + ".credentials"), "username=robot\npassword=" + password + "\n");
    }

    private Path checkOut(String commit) throws Exception {
        Path workspace = Files.createDirectories(directory.resolve("workspace" + workspaces++));
        GitCheckout checkout =
                FakeForge.checkout(directory, hosts, new Mirrors(directory.resolve("mirrors"), 1L << 30));
        checkout.checkOut(forge.url(), commit, Optional.empty(), workspace, directory.resolve("output"), () -> false);
        return workspace;
    }
}
