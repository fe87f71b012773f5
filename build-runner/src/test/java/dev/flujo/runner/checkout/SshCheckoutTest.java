package dev.flujo.runner.checkout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.flujo.event.plan.Supplies.Checkout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Checkouts over ssh, from a server of OpenSSH. */
@Timeout(60)
class SshCheckoutTest {

    private static final boolean EVERYTHING = Boolean.getBoolean("flujo.everything");

    @TempDir
    Path directory;

    private GitRepository repository;
    private SshForge forge;
    private Path hosts;
    private int workspaces;

    @BeforeEach
    void begin() throws Exception {
        boolean there = SshForge.needed().stream().allMatch(Files::exists);
        Assumptions.assumeTrue(there || EVERYTHING, "Skipped: install openssh-server and openssh-client");
        repository = GitRepository.make(directory.resolve("repository"));
        forge = new SshForge(directory.resolve("forge"));
        hosts = Files.createDirectories(directory.resolve("it's hosts"));
    }

    @AfterEach
    void end() {
        if (forge != null) {
            forge.close();
        }
    }

    @Test
    void aRepositoryIsReadByWhoTheRunnerIsThere() throws Exception {
        trust(forge.knownAs());
        Files.copy(forge.key(), hosts.resolve(FakeForge.HOST + ".key"));

        Path first = checkOut(repository.commit("file", "first"));
        Path second = checkOut(repository.commit("file", "second"));

        assertEquals("first", Files.readString(first.resolve("file")));
        assertEquals("second", Files.readString(second.resolve("file")));
    }

    @Test
    void whoHasAnotherKeyReadsNothing() throws Exception {
        trust(forge.knownAs());
        SshForge.makeKey(hosts.resolve(FakeForge.HOST + ".key"));

        assertThrows(CheckoutException.class, () -> checkOut(repository.commit("file", "first")));

        assertTrue(said().contains("Permission denied"), this::said);
    }

    @Test
    void aHostWithAnotherKeyIsToldNothing() throws Exception {
        SshForge.makeKey(directory.resolve("other"));
        trust(FakeForge.HOST + " " + Files.readString(directory.resolve("other.pub")));
        Files.copy(forge.key(), hosts.resolve(FakeForge.HOST + ".key"));

        assertThrows(CheckoutException.class, () -> checkOut(repository.commit("file", "first")));

        assertTrue(said().contains("Host key verification failed"), this::said);
        assertFalse(forge.words().contains("Accepted"), forge::words);
    }

    @Test
    void largeFilesHaveToComeByHttps() throws Exception {
        trust(forge.knownAs());
        Files.copy(forge.key(), hosts.resolve(FakeForge.HOST + ".key"));
        Files.writeString(repository.path().resolve(".gitattributes"), "*.bin filter=lfs -text\n");
        String commit = repository.commit(
                "a.bin", "version https://git-lfs.github.com/spec/v1\noid sha256:" + "0".repeat(64) + "\nsize 3\n");

        CheckoutException refused =
                assertThrows(CheckoutException.class, () -> checkOut(commit, Optional.of(new Checkout(false, true))));

        assertTrue(
                refused.getMessage().startsWith("Expected a repository by https for its large files"),
                refused.getMessage());
    }

    private void trust(String knownAs) throws Exception {
        Files.writeString(hosts.resolve(FakeForge.HOST + ".known_hosts"), knownAs);
    }

    private String said() {
        try {
            return Files.readString(directory.resolve("output"));
        } catch (java.io.IOException e) {
            return e.toString();
        }
    }

    private Path checkOut(String commit) throws Exception {
        return checkOut(commit, Optional.empty());
    }

    private Path checkOut(String commit, Optional<Checkout> more) throws Exception {
        Path workspace = Files.createDirectories(directory.resolve("workspace" + workspaces++));
        GitCheckout checkout =
                FakeForge.checkout(directory, hosts, new Mirrors(directory.resolve("mirrors"), 1L << 30));
        checkout.checkOut(
                forge.url(repository.path()), commit, more, workspace, directory.resolve("output"), () -> false);
        return workspace;
    }
}
