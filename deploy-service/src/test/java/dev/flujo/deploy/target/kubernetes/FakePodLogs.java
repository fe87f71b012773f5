package dev.flujo.deploy.target.kubernetes;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.List;
import java.util.concurrent.Executors;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** What an API server asks a node for when somebody wants to read the log of a pod. */
final class FakePodLogs implements AutoCloseable {

    private static final char[] PASSWORD = "of-a-test".toCharArray();

    private final FakeKubelet kubelet;
    private final HttpsServer server;

    FakePodLogs(FakeKubelet kubelet) {
        this.kubelet = kubelet;
        try {
            server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.setHttpsConfigurator(new HttpsConfigurator(identity()));
            server.setExecutor(Executors.newCachedThreadPool(task -> {
                Thread thread = new Thread(task, "fake-pod-logs");
                thread.setDaemon(true);
                return thread;
            }));
            server.createContext("/containerLogs/", this::answer);
            server.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    int port() {
        return server.getAddress().getPort();
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        String[] path = exchange.getRequestURI().getPath().split("/", -1);
        String output = kubelet.pod(path[2], path[3]).map(FakePod::output).orElse("");
        String query = String.valueOf(exchange.getRequestURI().getQuery());
        byte[] bytes = tail(output, query).getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(200, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private static String tail(String output, String query) {
        List<String> lines = output.lines().toList();
        int wanted = lines.size();
        for (String parameter : query.split("&", -1)) {
            if (parameter.startsWith("tailLines=")) {
                wanted = Integer.parseInt(parameter.substring("tailLines=".length()));
            }
        }
        return lines.isEmpty()
                ? ""
                : String.join("\n", lines.subList(Math.max(0, lines.size() - wanted), lines.size())) + "\n";
    }

    private static SSLContext identity() throws IOException {
        Path file = Files.createTempDirectory("flujo-fake-kubelet").resolve("keys.p12");
        try {
            Process keytool = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "keytool")
                                    .toString(),
                            "-genkeypair",
                            "-alias",
                            "node",
                            "-keyalg",
                            "EC",
                            "-dname",
                            "CN=node",
                            "-storetype",
                            "PKCS12",
                            "-storepass",
                            new String(PASSWORD),
                            "-keystore",
                            file.toString())
                    .redirectErrorStream(true)
                    .start();
            String said = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            KeyStore store = KeyStore.getInstance("PKCS12");
            try (InputStream in = Files.newInputStream(file)) {
                store.load(in, PASSWORD);
            } catch (IOException e) {
                throw new IOException("Expected keytool to make a key, but it said " + said, e);
            }
            KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(store, PASSWORD);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), null, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IOException(e);
        } finally {
            Files.deleteIfExists(file);
            Files.deleteIfExists(file.getParent());
        }
    }
}
