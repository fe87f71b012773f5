package dev.flujo.pipeline.forge;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A forge on this machine: it remembers what it is asked and told, and answers as a test wants it to. */
public final class FakeForge implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<Call> calls = new ArrayList<>();
    private final Deque<Reply> next = new ArrayDeque<>();
    private final Map<String, Deque<Reply>> nextTold = new HashMap<>();
    private final Map<String, Reply> pages = new ConcurrentHashMap<>();
    private volatile boolean away;
    private final CountDownLatch closing = new CountDownLatch(1);

    /** What it was asked or told. */
    public record Call(String method, String path, Map<String, List<String>> headers, String body) {

        public JsonNode json() {
            return read(body);
        }

        public String header(String name) {
            return Optional.ofNullable(headers.get(name)).map(all -> all.get(0)).orElse("");
        }
    }

    /** How it answers. */
    public record Reply(int status, Map<String, String> headers, String body) {

        public static Reply of(int status) {
            return new Reply(status, Map.of(), "{\"message\":\"as the test wants\"}");
        }

        public static Reply json(String body) {
            return new Reply(200, Map.of(), body.replace('\'', '"'));
        }

        public Reply with(String header, String value) {
            return new Reply(status, Map.of(header, value), body);
        }

        /** It never comes. */
        public static Reply never() {
            return new Reply(0, Map.of(), "");
        }
    }

    public FakeForge() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
    }

    /** Where it is. */
    public URI url() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /** Answers the next calls so, one after the other; all others as the page of their path says, or by 201. */
    public synchronized FakeForge answers(Reply... replies) {
        next.addAll(List.of(replies));
        return this;
    }

    /** The same for what it is told of a repository only, whatever it is asked or told of others meanwhile. */
    public synchronized FakeForge answersWhenTold(String repository, Reply... replies) {
        nextTold.computeIfAbsent("/repos/" + repository + "/", path -> new ArrayDeque<>())
                .addAll(List.of(replies));
        return this;
    }

    /** Whether it answers whatever it is told by 503. */
    public void isAway(boolean away) {
        this.away = away;
    }

    /** Answers every question for a path, with its query, so. */
    public FakeForge page(String path, String json) {
        pages.put(path, Reply.json(json));
        return this;
    }

    /** All calls so far. */
    public synchronized List<Call> calls() {
        return List.copyOf(calls);
    }

    @Override
    public void close() {
        closing.countDown();
        server.stop(0);
        threads.shutdownNow();
    }

    private void answer(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        Reply reply = reply(new Call(
                exchange.getRequestMethod(),
                exchange.getRequestURI().toString(),
                Map.copyOf(exchange.getRequestHeaders()),
                body));
        if (reply.status() == 0) {
            awaitEnd();
            exchange.close();
            return;
        }
        reply.headers().forEach((name, value) -> exchange.getResponseHeaders().add(name, value));
        byte[] bytes = reply.body().getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(reply.status(), bytes.length == 0 ? -1 : bytes.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(bytes);
        }
    }

    private synchronized Reply reply(Call call) {
        calls.add(call);
        if (!next.isEmpty()) {
            return next.poll();
        }
        if (call.method().equals("POST") && away) {
            return Reply.of(503);
        }
        if (call.method().equals("POST")) {
            for (Map.Entry<String, Deque<Reply>> told : nextTold.entrySet()) {
                if (call.path().startsWith(told.getKey()) && !told.getValue().isEmpty()) {
                    return told.getValue().poll();
                }
            }
        }
        Reply page = pages.get(call.path());
        if (page != null) {
            return page;
        }
        return call.method().equals("GET") ? Reply.json("[]") : new Reply(201, Map.of(), "{}");
    }

    private void awaitEnd() {
        try {
            closing.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static JsonNode read(String body) {
        try {
            return JSON.readTree(body);
        } catch (JsonProcessingException e) {
            throw new AssertionError(body, e);
        }
    }
}
