package dev.flujo.runner.checkout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GitCheckoutTest {

    @TempDir
    Path directory;

    private Path repository;
    private Path workspace;

    @BeforeEach
    void make() throws IOException, InterruptedException {
        repository = Files.createDirectories(directory.resolve("allowed/repository"));
        workspace = Files.createDirectories(directory.resolve("workspace"));
        git("init", "--quiet", "-b", "main");
        Files.writeString(repository.resolve("file"), "first");
        git("add", "file");
        git("commit", "--quiet", "-m", "first");
    }

    @Test
    void checksOutTheExactCommitAlsoWhenTheBranchHasMovedOn() throws Exception {
        String first = git("rev-parse", "HEAD");
        Files.writeString(repository.resolve("file"), "second");
        git("commit", "--quiet", "-am", "second");

        checkout().checkOut("file://" + repository, first, workspace, output());

        assertEquals("first", Files.readString(workspace.resolve("file")));
    }

    @Test
    void runsNoHookOfTheRepository() throws Exception {
        Path mark = directory.resolve("mark");
        Path template = Files.createDirectories(repository.resolve(".git/hooks"));
        Path hook = Files.writeString(template.resolve("post-checkout"), "#!/bin/sh\ntouch " + mark + "\n");
        assertTrue(hook.toFile().setExecutable(true));

        checkout().checkOut("file://" + repository, git("rev-parse", "HEAD"), workspace, output());

        assertFalse(Files.exists(mark));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--upload-pack=touch /tmp/flujo-canary",
                "ext::sh -c 'touch /tmp/flujo-canary'",
                "ssh://-oProxyCommand=touch/x",
                "/etc",
                "file:///etc",
                "http://example.org/x",
                "https://example.org/ x"
            })
    void refusesWhatIsNoRepositoryItMayAsk(String url) throws Exception {
        String commit = git("rev-parse", "HEAD");

        CheckoutException refused =
                assertThrows(CheckoutException.class, () -> checkout().checkOut(url, commit, workspace, output()));

        assertTrue(refused.getMessage().startsWith("Expected an https or ssh repository"), refused.getMessage());
        assertFalse(Files.exists(Path.of("/tmp/flujo-canary")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"--upload-pack=touch /tmp/flujo-canary", "-x", "main", "", "abc"})
    void refusesWhatIsNoCommit(String commit) {
        assertThrows(CheckoutException.class, () -> checkout()
                .checkOut("file://" + repository, commit, workspace, output()));
        assertFalse(Files.exists(Path.of("/tmp/flujo-canary")));
    }

    @Test
    void saysThatACommitIsNotThere() {
        String absent = "0123456789012345678901234567890123456789";

        CheckoutException failed = assertThrows(CheckoutException.class, () -> checkout()
                .checkOut("file://" + repository, absent, workspace, output()));

        assertTrue(failed.getMessage().contains("beginning of the log"), failed.getMessage());
    }

    private GitCheckout checkout() {
        return new GitCheckout(List.of(directory.resolve("allowed")), directory.resolve("home"));
    }

    private Path output() {
        return directory.resolve("output");
    }

    private String git(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("git", "-c", "user.name=a", "-c", "user.email=a@b"));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command)
                .directory(repository.toFile())
                .redirectErrorStream(true)
                .start();
        String words = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        assertEquals(0, process.waitFor(), words);
        return words;
    }
}
