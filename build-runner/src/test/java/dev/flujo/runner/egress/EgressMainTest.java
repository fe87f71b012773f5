package dev.flujo.runner.egress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The proxy as a process of its own. */
@Timeout(60)
class EgressMainTest {

    private HttpServer server;
    private Process process;

    @BeforeEach
    void begin() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void end() throws InterruptedException {
        server.stop(0);
        process.destroyForcibly().waitFor();
    }

    @Test
    void leadsToTheHostsThatItIsTold() throws Exception {
        String host = "localhost:" + server.getAddress().getPort();
        start(Map.of(
                "FLUJO_EGRESS_ALLOWED", " " + host + ", *.example.org",
                "FLUJO_RUNNER_PRIVATE_HOSTS", "localhost",
                "FLUJO_EGRESS_PORT", "0"));

        String said = firstLine(process.inputReader());
        int port = Integer.parseInt(said.split(" ", -1)[1]);

        assertEquals("port " + port + " leads to " + host + ", *.example.org", said);
        assertTrue(ask(port, host).startsWith("HTTP/1.1 200 "), "an allowed host");
        String refused = ask(port, "elsewhere.org:443");
        assertTrue(refused.startsWith("HTTP/1.1 403 "), refused);
        assertTrue(refused.contains("an operator can name it in FLUJO_EGRESS_ALLOWED"), refused);
    }

    @Test
    void leadsNowhereIfItIsToldNothing() throws Exception {
        start(Map.of("FLUJO_EGRESS_PORT", "0"));

        String said = firstLine(process.inputReader());

        assertTrue(said.endsWith(" leads to no host"), said);
    }

    @Test
    void saysWhatIsNoHost() throws Exception {
        start(Map.of("FLUJO_EGRESS_ALLOWED", "https://example.org"));

        assertEquals(
                "Expected hosts such as repo.example.org, *.example.org or git.example.org:8443 in FLUJO_EGRESS_ALLOWED,"
                        + " but found 'https://example.org'",
                firstLine(process.errorReader()));
        assertEquals(2, process.waitFor());
    }

    @Test
    void saysWhatIsNoPort() throws Exception {
        start(Map.of("FLUJO_EGRESS_PORT", "proxy"));

        assertEquals(
                "Expected in FLUJO_EGRESS_PORT the number of a port, but found 'proxy'",
                firstLine(process.errorReader()));
    }

    private void start(Map<String, String> settings) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                EgressMain.class.getName());
        builder.environment().putAll(settings);
        process = builder.start();
    }

    private static String firstLine(BufferedReader words) throws IOException {
        return String.valueOf(words.readLine());
    }

    private static String ask(int port, String host) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.getOutputStream()
                    .write(("CONNECT " + host + " HTTP/1.1\r\nHost: " + host + "\r\n\r\n"
                                    + "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        }
    }
}
