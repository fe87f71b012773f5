package dev.flujo.runner.executor.docker;

import dev.flujo.event.plan.Service.Ready;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** Asks a service whether it can be used: a command inside of it, an HTTP path, or a port that takes connections. */
record Readiness(Engine engine, String container, String network, Ready ready) {

    private static final Duration ONCE = Duration.ofSeconds(10);
    private static final HttpClient HTTP = HttpClient.newBuilder()
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(ONCE)
            .build();

    boolean now() throws IOException, InterruptedException {
        if (ready.run().isPresent()) {
            return engine.execute(container, ready.run().get(), ONCE) == 0;
        }
        String address = engine.address(container, network);
        return ready.http().isPresent() ? answers(address, ready.http().get()) : takesConnections(address);
    }

    private boolean takesConnections(String address) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(address, ready.port()), (int) ONCE.toMillis());
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private boolean answers(String address, String path) throws InterruptedException {
        int port = ready.port() == 0 ? 80 : ready.port();
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://" + address + ":" + port + path))
                .timeout(ONCE)
                .build();
        try {
            return HTTP.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() / 100 == 2;
        } catch (IOException e) {
            return false;
        }
    }
}
