package dev.flujo.runner.checkout;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** OpenSSH's server on this machine, which lets in whoever has the one key that it knows. */
final class SshForge implements AutoCloseable {

    static final Path SERVER = Path.of("/usr/sbin/sshd");

    /** OpenSSH locks itself up in here while it does not know who is there, if it belongs to root. */
    private static final Path LOCKED_UP = Path.of("/run/sshd");

    private final Path directory;
    private final int port;
    private final Process server;

    SshForge(Path directory) throws IOException, InterruptedException {
        this.directory = Files.createDirectories(directory);
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            this.port = free.getLocalPort();
        }
        makeKey(directory.resolve("host"));
        makeKey(directory.resolve("user"));
        Path settings = Files.writeString(
                directory.resolve("settings"),
                """
                Port %d
                ListenAddress 127.0.0.1
                HostKey "%2$s/host"
                AuthorizedKeysFile "%2$s/user.pub"
                PasswordAuthentication no
                KbdInteractiveAuthentication no
                UsePAM no
                StrictModes no
                PidFile none
                """
                        .formatted(port, directory));
        if ("root".equals(System.getProperty("user.name"))) {
            Files.createDirectories(LOCKED_UP);
        }
        this.server = new ProcessBuilder(SERVER.toString(), "-D", "-e", "-f", settings.toString())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("words").toFile())
                .start();
        while (!answers()) {
            assertEquals(true, server.isAlive(), () -> words());
            Thread.onSpinWait();
        }
    }

    /** Where a repository of this machine is for those who come by ssh. */
    String url(Path repository) {
        return "ssh://" + System.getProperty("user.name") + "@" + FakeForge.HOST + ":" + port + repository;
    }

    /** The key that it lets in. */
    Path key() {
        return directory.resolve("user");
    }

    /** By which key it is known, as ssh keeps it. */
    String knownAs() throws IOException {
        return FakeForge.HOST + " " + Files.readString(directory.resolve("host.pub"));
    }

    String words() {
        try {
            return Files.readString(directory.resolve("words"));
        } catch (IOException e) {
            return e.toString();
        }
    }

    @Override
    public void close() {
        server.destroy();
    }

    /** Makes a pair of keys, the public one beside it. */
    static void makeKey(Path file) throws IOException, InterruptedException {
        Process made = new ProcessBuilder(
                        "ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "", "-f", file.toString())
                .redirectErrorStream(true)
                .start();
        String words = new String(made.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, made.waitFor(), words);
    }

    private boolean answers() {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
            return socket.getInputStream().read() >= 0;
        } catch (IOException e) {
            return false;
        }
    }

    static List<Path> needed() {
        return List.of(SERVER, Path.of("/usr/bin/ssh-keygen"), Path.of("/usr/bin/ssh"));
    }
}
