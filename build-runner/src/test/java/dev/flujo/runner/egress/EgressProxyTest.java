package dev.flujo.runner.egress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class EgressProxyTest {

    private static final InetAddress HERE = InetAddress.getLoopbackAddress();

    private final List<String> asked = new ArrayList<>();
    private HttpServer server;
    private EgressProxy proxy;
    private int port;

    @BeforeEach
    void begin() throws IOException {
        server = HttpServer.create(new InetSocketAddress(HERE, 0), 0);
        server.createContext("/", exchange -> {
            asked.add(exchange.getRequestMethod() + " " + exchange.getRequestURI() + " "
                    + exchange.getRequestHeaders().getFirst("Host") + " "
                    + exchange.getRequestHeaders().getFirst("Proxy-Authorization"));
            byte[] body = exchange.getRequestBody().readAllBytes();
            byte[] answer = ("heard " + new String(body, StandardCharsets.UTF_8)).getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        server.start();
        proxy = proxy(Set.of("inside.example"));
        port = proxy.open(HERE, 0);
    }

    @AfterEach
    void end() {
        proxy.close();
        server.stop(0);
    }

    @Test
    void tunnelsToAHostThatIsAllowed() throws Exception {
        String host = "inside.example:" + server.getAddress().getPort();

        String answer = ask("CONNECT " + host + " HTTP/1.1\r\nHost: " + host + "\r\n\r\n"
                + "GET /a HTTP/1.1\r\nHost: inside.example\r\nConnection: close\r\n\r\n");

        assertTrue(answer.startsWith("HTTP/1.1 200 Connection established\r\n\r\nHTTP/1.1 200 OK"), answer);
        assertTrue(answer.endsWith("heard "), answer);
    }

    @Test
    void passesOnOneRequestWithoutWhatIsForTheProxy() throws Exception {
        String answer = ask("POST http://inside.example:" + server.getAddress().getPort() + "/b?c=d HTTP/1.1\r\n"
                + "Host: inside.example\r\nProxy-Authorization: Basic eDp5\r\nProxy-Connection: keep-alive\r\n"
                + "Content-Length: 5\r\n\r\nhello");

        assertTrue(answer.endsWith("heard hello"), answer);
        assertEquals(List.of("POST /b?c=d inside.example null"), asked);
    }

    @Test
    void refusesAHostThatIsNotAllowedWithoutLookingItUp() throws Exception {
        String answer = ask("CONNECT elsewhere.example:443 HTTP/1.1\r\n\r\n");

        assertTrue(answer.startsWith("HTTP/1.1 403 Forbidden"), answer);
        assertTrue(
                answer.endsWith(
                        "Expected a host that jobs may reach, but elsewhere.example:443 is none of them; an operator"
                                + " can name it in the setting\n"),
                answer);
    }

    @Test
    void refusesAddressesAndOtherPorts() throws Exception {
        for (String host : List.of("127.0.0.1:443", "169.254.169.254:80", "inside.example:1", "localhost:443")) {
            assertTrue(ask("CONNECT " + host + " HTTP/1.1\r\n\r\n").startsWith("HTTP/1.1 403 Forbidden"), host);
        }
    }

    @Test
    void aNameThatLeadsIntoAPrivateNetworkLeadsNowhereUnlessItMay() throws Exception {
        try (EgressProxy strict = proxy(Set.of())) {
            port = strict.open(HERE, 0);

            String answer = ask("CONNECT inside.example:" + server.getAddress().getPort() + " HTTP/1.1\r\n\r\n");

            assertTrue(answer.startsWith("HTTP/1.1 502 Bad Gateway"), answer);
            assertTrue(answer.contains("Expected a public host, but inside.example is 127.0.0.1"), answer);
            assertEquals(List.of(), asked);
        }
    }

    @Test
    void saysWhatIsNoRequest() throws Exception {
        for (String wrong : List.of(
                "GET / HTTP/1.1\r\n\r\n",
                "CONNECT inside.example HTTP/1.1\r\n\r\n",
                "GET http://x@inside.example/ HTTP/1.1\r\n\r\n")) {
            assertTrue(ask(wrong).startsWith("HTTP/1.1 400 Bad Request"), wrong);
        }
    }

    @Test
    void readsNoHeadWithoutAnEnd() {
        byte[] endless = ("GET http://inside.example/" + "x".repeat(20_000)).getBytes(StandardCharsets.US_ASCII);

        assertThrows(IOException.class, () -> ProxyRequest.read(new ByteArrayInputStream(endless)));
    }

    private EgressProxy proxy(Set<String> mayBePrivate) {
        return new EgressProxy(
                AllowedHosts.of(
                        "the setting",
                        List.of("inside.example:" + server.getAddress().getPort(), "*.inside.example")),
                mayBePrivate,
                host -> List.of(HERE));
    }

    private String ask(String request) throws IOException {
        try (Socket socket = new Socket(HERE, port)) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
