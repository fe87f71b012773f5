package dev.flujo.deploy.proxy;

import dev.flujo.deploy.proxy.Routes.Choice;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;
import io.vertx.httpproxy.HttpProxy;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/** One address that the proxy listens at, and the replicas that answer there. */
final class ProxyDoor {

    private final Routes routes;
    private final Counts counts;
    private final HttpClient client;
    private final HttpProxy proxy;
    private final HttpServer server;

    ProxyDoor(Vertx vertx, HttpClient client, Path directory, String host, int port) {
        this.routes = new Routes(directory.resolve("routes"));
        this.counts = new Counts(directory.resolve("counts"));
        this.client = client;
        this.proxy = HttpProxy.reverseProxy(client);
        proxy.origin(context -> connect(context.request().proxiedRequest().response(), routes.next(), 0));
        this.server = vertx.createHttpServer(
                        new HttpServerOptions().setHost(host).setPort(port))
                .requestHandler(this::answer);
    }

    Future<HttpServer> listen() {
        return server.listen();
    }

    Future<Void> close() {
        return server.close();
    }

    /** Leaves word of what was passed on. */
    void tell() throws IOException {
        counts.tell(routes.current());
    }

    private void answer(HttpServerRequest request) {
        if (routes.current().stream()
                .anyMatch(route -> route.weight() > 0 && !route.ports().isEmpty())) {
            proxy.handle(request);
            return;
        }
        request.response()
                .setStatusCode(503)
                .putHeader("Content-Type", "application/problem+json")
                .putHeader("Retry-After", "5")
                .end("{\"type\":\"https://flujo.dev/problems/nothing-deployed\",\"title\":\"Nothing is deployed here\","
                        + "\"status\":503,\"detail\":\"Expected a deployment in this environment, but there is none"
                        + " yet\"}");
    }

    /** Connects to the first of the replicas that takes the connection: nothing of the request was sent to the others. */
    private Future<HttpClientRequest> connect(HttpServerResponse response, List<Choice> choices, int place) {
        if (place == choices.size()) {
            return Future.failedFuture("Expected a replica that takes connections, but there is none");
        }
        Choice choice = choices.get(place);
        counts.begin(choice);
        RequestOptions to = new RequestOptions().setServer(SocketAddress.inetSocketAddress(choice.port(), "127.0.0.1"));
        return client.request(to)
                .onSuccess(connected -> watch(response, choice))
                .recover(refused -> {
                    if (place + 1 == choices.size()) {
                        watch(response, choice);
                        return Future.failedFuture(refused);
                    }
                    counts.takeBack(choice);
                    return connect(response, choices, place + 1);
                });
    }

    private void watch(HttpServerResponse response, Choice choice) {
        AtomicBoolean ended = new AtomicBoolean();
        response.endHandler(answered -> {
            if (ended.compareAndSet(false, true)) {
                counts.end(choice, response.getStatusCode());
            }
        });
        response.closeHandler(gone -> {
            if (ended.compareAndSet(false, true)) {
                counts.end(choice, 0);
            }
        });
        if (response.closed() && ended.compareAndSet(false, true)) {
            counts.end(choice, 0);
        }
    }
}
