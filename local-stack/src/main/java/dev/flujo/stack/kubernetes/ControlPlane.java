package dev.flujo.stack.kubernetes;

import dev.flujo.stack.Await;
import dev.flujo.stack.ServerProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * A real Kubernetes API server with role-based access control and the controllers of workloads, for the tests of one Java
 * process: etcd and the two as processes, on free ports, with certificates and tokens of their own, ended with it.
 */
final class ControlPlane implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final Path directory;
    private final Path binary;
    private final ServerProcess etcd;
    private final ServerProcess apiServer;
    private final ServerProcess controllers;
    private final int port = Await.freePort();
    private final String token = UUID.randomUUID().toString();

    private ControlPlane(Path binary) throws IOException {
        Path memory = Path.of("/dev/shm");
        this.directory = Files.isWritable(memory)
                ? Files.createTempDirectory(memory, "flujo-control-plane")
                : Files.createTempDirectory("flujo-control-plane");
        this.binary = binary;
        Path run = directory.resolve("run");
        Path logs = directory.resolve("logs");
        this.etcd = new ServerProcess("etcd", run, logs);
        this.apiServer = new ServerProcess("apiserver", run, logs);
        this.controllers = new ServerProcess("controllers", run, logs);
    }

    /** A control plane that answers, made from this program. */
    static ControlPlane start(Path binary) {
        try {
            ControlPlane plane = new ControlPlane(binary);
            plane.startAll();
            return plane;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The configuration of a client that may do everything. */
    Path kubeconfig() {
        return directory.resolve("kubeconfig");
    }

    @Override
    public void close() {
        controllers.kill();
        apiServer.kill();
        etcd.kill();
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void startAll() throws IOException {
        int client = Await.freePort();
        String peer = "http://127.0.0.1:" + Await.freePort();
        launch(
                etcd,
                List.of(
                        "etcd",
                        "--data-dir=" + directory.resolve("etcd"),
                        "--listen-client-urls=http://127.0.0.1:" + client,
                        "--advertise-client-urls=http://127.0.0.1:" + client,
                        "--listen-peer-urls=" + peer,
                        "--initial-advertise-peer-urls=" + peer,
                        "--initial-cluster=default=" + peer,
                        "--log-level=warn"));
        await(etcd, () -> Await.listening(client));
        launch(apiServer, apiServerCommand(client));
        await(apiServer, this::ready);
        Files.writeString(kubeconfig(), KubeConfig.of("https://127.0.0.1:" + port, certificate(), token));
        launch(
                controllers,
                List.of(binary.toString(), "controllers", kubeconfig().toString()));
    }

    private List<String> apiServerCommand(int etcdPort) throws IOException {
        Path tokens = Files.writeString(directory.resolve("tokens.csv"), token + ",admin,admin,system:masters\n");
        Path key = Files.writeString(directory.resolve("service-account.key"), signingKey());
        return List.of(
                binary.toString(),
                "apiserver",
                "--etcd-servers=http://127.0.0.1:" + etcdPort,
                "--bind-address=127.0.0.1",
                "--advertise-address=127.0.0.1",
                "--endpoint-reconciler-type=none",
                "--secure-port=" + port,
                "--cert-dir=" + directory.resolve("certificates"),
                "--token-auth-file=" + tokens,
                "--authorization-mode=RBAC",
                "--service-cluster-ip-range=10.96.0.0/16",
                "--service-account-issuer=https://kubernetes.default.svc",
                "--service-account-signing-key-file=" + key,
                "--service-account-key-file=" + key,
                "--watch-cache=true",
                "--v=0");
    }

    private void launch(ServerProcess process, List<String> command) {
        process.start(new ServerProcess.Launch(command, Map.of(), directory));
    }

    private static void await(ServerProcess process, java.util.function.BooleanSupplier condition) {
        if (!Await.until(PATIENCE, () -> condition.getAsBoolean() || !process.alive()) || !process.alive()) {
            throw new AssertionError(
                    "Expected " + process.name() + " to answer, but its last lines are " + process.lastLines(20));
        }
    }

    /** Whether the API server is up and its own roles are there, without which nobody but the first user may do anything. */
    private boolean ready() {
        try {
            HttpRequest request = HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + port + "/readyz"))
                    .timeout(Duration.ofSeconds(5))
                    .build();
            HttpClient http = HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .sslContext(KubeConfig.trusting(certificate()))
                    .build();
            return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException notYet) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private byte[] certificate() throws IOException {
        return Files.readAllBytes(directory.resolve("certificates").resolve("apiserver.crt"));
    }

    private static String signingKey() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(2048);
            byte[] key = generator.generateKeyPair().getPrivate().getEncoded();
            return "-----BEGIN PRIVATE KEY-----\n"
                    + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(key)
                    + "\n-----END PRIVATE KEY-----\n";
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }
}
