package dev.flujo.runner.checkout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import dev.flujo.kit.process.MarkedProcesses;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
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

        checkout().checkOut("file://" + repository, first, Optional.empty(), workspace, output(), () -> false);

        assertEquals("first", Files.readString(workspace.resolve("file")));
    }

    @Test
    void runsNoHookOfTheRepository() throws Exception {
        Path mark = directory.resolve("mark");
        Path template = Files.createDirectories(repository.resolve(".git/hooks"));
        Path hook = Files.writeString(template.resolve("post-checkout"), "#!/bin/sh\ntouch " + mark + "\n");
        assertTrue(hook.toFile().setExecutable(true));

        checkout()
                .checkOut(
                        "file://" + repository,
                        git("rev-parse", "HEAD"),
                        Optional.empty(),
                        workspace,
                        output(),
                        () -> false);

        assertFalse(Files.exists(mark));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--upload-pack=touch /tmp/flujo-canary",
                "ext::sh -c 'touch /tmp/flujo-canary'",
                "ssh://-oProxyCommand=touch/x",
                "/etc",
                "ssh://-oProxyCommand/x",
                "ssh://git@-oProxyCommand/x",
                "git://example.org/x",
                "file:///etc",
                "http://example.org/x",
                "https://example.org/ x"
            })
    void refusesWhatIsNoRepositoryItMayAsk(String url) throws Exception {
        String commit = git("rev-parse", "HEAD");

        CheckoutException refused = assertThrows(CheckoutException.class, () -> checkout()
                .checkOut(url, commit, Optional.empty(), workspace, output(), () -> false));

        assertTrue(refused.getMessage().startsWith("Expected an https or ssh repository"), refused.getMessage());
        assertFalse(Files.exists(Path.of("/tmp/flujo-canary")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"--upload-pack=touch /tmp/flujo-canary", "-x", "main", "", "abc"})
    void refusesWhatIsNoCommit(String commit) {
        assertThrows(CheckoutException.class, () -> checkout()
                .checkOut("file://" + repository, commit, Optional.empty(), workspace, output(), () -> false));
        assertFalse(Files.exists(Path.of("/tmp/flujo-canary")));
    }

    @Test
    void saysThatACommitIsNotThere() {
        String absent = "0123456789012345678901234567890123456789";

        CheckoutException failed = assertThrows(CheckoutException.class, () -> checkout()
                .checkOut("file://" + repository, absent, Optional.empty(), workspace, output(), () -> false));

        assertTrue(failed.getMessage().contains("beginning of the log"), failed.getMessage());
    }

    @Test
    void isNotLedOutOfAnAllowedDirectoryByAnEscapeOrALink() throws Exception {
        String commit = git("rev-parse", "HEAD");
        Path outside = Files.move(repository, directory.resolve("outside"));
        Path link = Files.createSymbolicLink(directory.resolve("allowed/link"), outside);
        for (String way : List.of(
                "file://" + directory + "/allowed/%2e%2e/outside",
                "file://" + directory + "/allowed/../outside",
                "file://" + link)) {
            assertThrows(
                    CheckoutException.class,
                    () -> checkout().checkOut(way, commit, Optional.empty(), workspace, output(), () -> false),
                    way);
        }
        assertFalse(Files.exists(workspace.resolve("file")));
    }

    @Test
    @Timeout(30)
    void endsGitWhenItIsStopped() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            String url = "https://forge.example:" + silent.getLocalPort() + "/x";
            String commit = "0123456789012345678901234567890123456789";
            AtomicBoolean stopped = new AtomicBoolean();
            CompletableFuture<Throwable> ended =
                    CompletableFuture.supplyAsync(() -> assertThrows(CheckoutException.class, () -> checkout()
                            .checkOut(url, commit, Optional.empty(), workspace, output(), stopped::get)));
            // Nobody but the test's name service knows the host, so git asks no other.
            silent.accept();

            stopped.set(true);

            assertEquals(
                    "Expected git fetch to end, but the job was stopped",
                    ended.join().getMessage());
            assertEquals(List.of(), left(workspace));
            try (Stream<Path> mirrors = Files.list(directory.resolve("mirrors"))) {
                assertEquals(
                        List.of(),
                        mirrors.flatMap(mirror -> left(mirror).stream()).toList());
            }
        }
    }

    @Test
    void connectsToNobodyWhoseAddressIsNotPublic() throws Exception {
        try (ServerSocket listens = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            listens.setSoTimeout(1);
            for (String host : List.of("rebinding.example", "127.0.0.1", "[::1]", "localhost")) {
                String url = "https://" + host + ":" + listens.getLocalPort() + "/x";

                CheckoutException refused = assertThrows(CheckoutException.class, () -> checkout()
                        .checkOut(
                                url,
                                "0123456789012345678901234567890123456789",
                                Optional.empty(),
                                workspace,
                                output(),
                                () -> false));

                assertTrue(refused.getMessage().startsWith("Expected a public repository"), refused.getMessage());
            }
            assertThrows(SocketTimeoutException.class, listens::accept);
        }
    }

    @Test
    @Timeout(30)
    void endsWhatAnEarlierLifeHasLeftAtWork() throws Exception {
        ProcessBuilder left = new ProcessBuilder("sleep", "1000");
        left.environment().put("FLUJO_CHECKOUT", workspace.toString());
        Process git = left.start();

        checkout().abandon(workspace);

        assertFalse(git.isAlive());
    }

    private static List<ProcessHandle> left(Path at) {
        return new MarkedProcesses("FLUJO_CHECKOUT", at.toString()).living();
    }

    private GitCheckout checkout() {
        return new GitCheckout(
                List.of(directory.resolve("allowed")),
                Set.of("forge.example"),
                host -> List.of(InetAddress.getLoopbackAddress()),
                HostFiles.NONE,
                directory.resolve("home"),
                new Mirrors(directory.resolve("mirrors"), 1L << 30),
                new WorkspacesAhead(directory.resolve("ahead"), 0));
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

    @Test
    void followsNoRedirectIntoANetwork() throws Exception {
        List<String> asked = new CopyOnWriteArrayList<>();
        HttpServer inside = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        inside.createContext("/", exchange -> {
            asked.add("inside " + exchange.getRequestURI());
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        HttpServer outside = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        outside.createContext("/", exchange -> {
            asked.add("outside");
            exchange.getResponseHeaders()
                    .set("Location", "http://127.0.0.1:" + inside.getAddress().getPort() + exchange.getRequestURI());
            exchange.sendResponseHeaders(302, -1);
            exchange.close();
        });
        inside.start();
        outside.start();
        try {
            // What is checked out comes by https or ssh; http, which needs no certificate, shows the same of redirects.
            List<String> command = Git.guarded("http");
            command.addAll(List.of(
                    "ls-remote", "http://127.0.0.1:" + outside.getAddress().getPort() + "/shop.git"));
            Process git = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();

            assertNotEquals(0, git.waitFor());
            assertEquals(List.of("outside"), asked);
        } finally {
            inside.stop(0);
            outside.stop(0);
        }
    }
}
