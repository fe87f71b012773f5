package shop;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** The shop: {@code /} says what books cost and which commit says so, {@code /health} that it can. */
public final class Shop implements AutoCloseable {

    private static final int THREADS = 4;

    private final HttpServer server;
    private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);

    /** Opens the shop at a port of this machine; 0 is any free one. */
    public Shop(int port, String commit) {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        } catch (IOException e) {
            throw new UncheckedIOException("Expected to listen at port " + port + ", but " + e.getMessage(), e);
        }
        server.setExecutor(threads);
        server.createContext("/", page("/", "Web shop, commit " + commit + "\nTen books cost " + Price.of(10) + "\n"));
        server.createContext("/health", page("/health", "ok\n"));
        server.start();
    }

    public int port() {
        return server.getAddress().getPort();
    }

    /** Answers what is being asked, then closes. */
    @Override
    public void close() {
        server.stop(1);
        threads.shutdown();
    }

    private static HttpHandler page(String path, String text) {
        return exchange -> {
            boolean known = exchange.getRequestURI().getPath().equals(path);
            answer(exchange, known ? 200 : 404, known ? text : "There is nothing here.\n");
        };
    }

    private static void answer(HttpExchange exchange, int status, String text) throws IOException {
        try (exchange) {
            byte[] body = text.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "text/plain; charset=utf-8");
            boolean head = exchange.getRequestMethod().equals("HEAD");
            exchange.sendResponseHeaders(status, head ? -1 : body.length);
            if (!head) {
                exchange.getResponseBody().write(body);
            }
        }
    }
}
