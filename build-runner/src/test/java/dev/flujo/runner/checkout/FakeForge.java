package dev.flujo.runner.checkout;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.zip.GZIPInputStream;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/**
 * Serves one repository by git's own protocol over HTTPS (gitprotocol-http(5)), and its large files by the batch API of Git LFS, with a
 * certificate that only its own authority vouches for, to those who say who they are.
 */
final class FakeForge implements AutoCloseable {

    static final String HOST = "git.example";

    private static final String PASSWORD = "certificate";
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static KeyStore keys;

    private final Path directory;
    private final Path repository;
    private final String user;
    private final HttpsServer server;
    private final List<String> refused = new CopyOnWriteArrayList<>();
    private final Map<String, byte[]> large = new ConcurrentHashMap<>();
    private final List<String> downloads = new CopyOnWriteArrayList<>();
    private volatile String elsewhere = "";

    /** @param user who may read, as name and password with a colon between */
    FakeForge(Path directory, Path repository, String user) throws Exception {
        this.directory = Files.createDirectories(directory);
        this.repository = repository;
        this.user = user;
        this.server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(context()));
        server.createContext("/", this::answer);
        server.start();
    }

    /** What checks out from it, and from what is below {@code repositories}, with what is known of hosts. */
    static GitCheckout checkout(Path directory, Path hosts, Mirrors mirrors) {
        return new GitCheckout(
                List.of(directory.resolve("repositories")),
                Set.of(HOST),
                host -> host.equals(HOST)
                        ? List.of(InetAddress.getLoopbackAddress())
                        : List.of(InetAddress.getAllByName(host)),
                new HostFiles(Optional.of(hosts)),
                directory.resolve("home"),
                mirrors,
                new WorkspacesAhead(directory.resolve("ahead"), 0));
    }

    String url() {
        return "https://" + HOST + ":" + server.getAddress().getPort() + "/acme/shop.git";
    }

    /** Has the content of a large file, under the digest that is asked for. */
    void keep(String sha256, byte[] content) {
        large.put(sha256, content);
    }

    /** Says that large files lie below another URL. */
    void keepElsewhere(String url) {
        elsewhere = url;
    }

    /** The digests of large files that were sent, in this order. */
    List<String> downloads() {
        return downloads;
    }

    /** The certificate, which vouches for itself. */
    Path authority() {
        return directory.resolve("authority.pem");
    }

    /** What those had said of themselves who were refused. */
    List<String> refused() {
        return refused;
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private SSLContext context() throws Exception {
        KeyStore keys = keys();
        Files.writeString(
                authority(),
                "-----BEGIN CERTIFICATE-----\n"
                        + Base64.getMimeEncoder()
                                .encodeToString(keys.getCertificate(HOST).getEncoded())
                        + "\n-----END CERTIFICATE-----\n");
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(keys, PASSWORD.toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        return context;
    }

    /** Its key, which is made once for all, since that takes a while. */
    private KeyStore keys() throws Exception {
        synchronized (FakeForge.class) {
            if (keys == null) {
                Path store = directory.resolve("store.p12");
                keytool(
                        "-genkeypair",
                        "-keystore",
                        store.toString(),
                        "-alias",
                        HOST,
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=" + HOST,
                        "-ext",
                        "san=dns:" + HOST,
                        "-ext",
                        "bc=ca:true",
                        "-validity",
                        "2");
                KeyStore made = KeyStore.getInstance("PKCS12");
                try (InputStream in = Files.newInputStream(store)) {
                    made.load(in, PASSWORD.toCharArray());
                }
                keys = made;
            }
            return keys;
        }
    }

    private static void keytool(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString()));
        command.addAll(List.of(arguments));
        command.addAll(List.of("-storepass", PASSWORD));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), said);
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String expected = "Basic " + Base64.getEncoder().encodeToString(user.getBytes(StandardCharsets.UTF_8));
            String said = exchange.getRequestHeaders().getFirst("Authorization");
            if (!expected.equals(said)) {
                refused.add(String.valueOf(said));
                exchange.getResponseHeaders().set("WWW-Authenticate", "Basic realm=\"forge\"");
                exchange.sendResponseHeaders(401, -1);
                return;
            }
            String path = exchange.getRequestURI().getPath();
            if (path.endsWith("/info/lfs/objects/batch")) {
                send(exchange, batch(exchange.getRequestBody().readAllBytes()));
                return;
            }
            if (path.startsWith("/large/")) {
                String sha256 = path.substring("/large/".length());
                downloads.add(sha256);
                send(exchange, large.get(sha256));
                return;
            }
            boolean asked = path.endsWith("/info/refs");
            byte[] body = asked ? advertised() : uploadPack(input(exchange));
            exchange.getResponseHeaders()
                    .set("Content-Type", "application/x-git-upload-pack-" + (asked ? "advertisement" : "result"));
            send(exchange, body);
        }
    }

    private static void send(HttpExchange exchange, byte[] body) throws IOException {
        exchange.sendResponseHeaders(200, body.length);
        exchange.getResponseBody().write(body);
    }

    private byte[] batch(byte[] question) throws IOException {
        String here = "https://" + HOST + ":" + server.getAddress().getPort() + "/large/";
        ObjectNode answer = MAPPER.createObjectNode().put("transfer", "basic");
        ArrayNode objects = answer.putArray("objects");
        for (JsonNode asked : MAPPER.readTree(question).path("objects")) {
            String sha256 = asked.path("oid").asText();
            ObjectNode object = objects.addObject();
            object.put("oid", sha256).put("size", asked.path("size").asLong());
            if (large.containsKey(sha256)) {
                object.putObject("actions")
                        .putObject("download")
                        .put("href", (elsewhere.isEmpty() ? here : elsewhere) + sha256);
            } else {
                object.putObject("error").put("code", 404).put("message", "no such file");
            }
        }
        return MAPPER.writeValueAsBytes(answer);
    }

    private byte[] advertised() throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.write("001e# service=git-upload-pack\n0000".getBytes(StandardCharsets.UTF_8));
        all.write(uploadPack(new byte[0], "--advertise-refs"));
        return all.toByteArray();
    }

    private static byte[] input(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readAllBytes();
        if (!"gzip".equals(exchange.getRequestHeaders().getFirst("Content-Encoding"))) {
            return body;
        }
        try (InputStream plain = new GZIPInputStream(new java.io.ByteArrayInputStream(body))) {
            return plain.readAllBytes();
        }
    }

    private byte[] uploadPack(byte[] input, String... more) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                "git",
                "-c",
                "safe.directory=*",
                "-c",
                "uploadpack.allowAnySHA1InWant=true",
                "upload-pack",
                "--stateless-rpc"));
        command.addAll(List.of(more));
        command.add(repository.toString());
        Path words = Files.createTempFile(directory, "request", "");
        Files.write(words, input);
        Process git = new ProcessBuilder(command)
                .redirectInput(words.toFile())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        return git.getInputStream().readAllBytes();
    }
}
