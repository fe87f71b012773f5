package dev.flujo.stack.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.flujo.stack.Rest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Against a server that breaks streams off at will, which the real one does not do on request. */
class FollowedRunTest {

    private final List<String> lastIds = new ArrayList<>();
    private HttpServer server;
    private Rest rest;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/api/v1/runs", exchange -> answer(exchange, "{\"items\":[{\"id\":\"r1\"}]}"));
        server.start();
        rest = new Rest("http://127.0.0.1:" + server.getAddress().getPort(), "token");
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void goesOnAfterTheLastEventWhereAStreamBreaksOff() throws InterruptedException {
        stream(event(1, "pipelinerun.queued") + event(2, "pipelinerun.started"), event(3, "pipelinerun.finished"));
        List<String> told = new ArrayList<>();

        FollowedRun run = FollowedRun.of(rest, "shop", "c1");
        run.follow(event -> told.add(event.type()));

        assertEquals(List.of("pipelinerun.queued", "pipelinerun.started", "pipelinerun.finished"), told);
        assertEquals(List.of("", "2"), lastIds);
        assertEquals("SUCCEEDED", run.outcome());
    }

    @Test
    void leavesHalfAnEventToTheNextConnection() throws InterruptedException {
        String last = event(2, "pipelinerun.finished");
        stream(event(1, "pipelinerun.queued") + last.substring(0, last.length() - 1), last);
        List<String> told = new ArrayList<>();

        FollowedRun.of(rest, "shop", "c1").follow(event -> told.add(event.type()));

        assertEquals(List.of("pipelinerun.queued", "pipelinerun.finished"), told);
        assertEquals(List.of("", "1"), lastIds);
    }

    private void stream(String... connections) {
        List<String> left = new ArrayList<>(List.of(connections));
        server.createContext(FollowedRun.path("r1"), exchange -> {
            String lastId = exchange.getRequestHeaders().getFirst("Last-Event-ID");
            lastIds.add(lastId == null ? "" : lastId);
            answer(exchange, left.remove(0));
        });
    }

    private static String event(int id, String type) {
        return ": still here\n\nid: " + id + "\nevent: message\ndata: {\"context\":{\"type\":\"dev.cdevents." + type
                + ".0.3.0\",\"timestamp\":\"2026-11-23T14:27:05Z\"},\ndata: \"subject\":{\"id\":\"r1\"},"
                + "\"customData\":{\"outcome\":\"SUCCEEDED\"}}\n\n";
    }

    private static void answer(HttpExchange exchange, String text) throws IOException {
        try (exchange) {
            byte[] body = text.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
        }
    }
}
