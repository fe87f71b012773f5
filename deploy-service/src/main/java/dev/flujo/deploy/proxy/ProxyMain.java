package dev.flujo.deploy.proxy;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.SocketAddress;
import io.vertx.httpproxy.HttpProxy;
import io.vertx.httpproxy.OriginRequestProvider;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * The reverse proxy of the local target: a process of its own, so that applications are reached while the deploy-service
 * is away. Each environment has a listening address; which process answers there is what its {@code route} file says at
 * that moment.
 *
 * <p>Usage: {@code ProxyMain DIRECTORY HOST}.
 */
public final class ProxyMain {

    private static final long LOOK_EVERY_MILLIS = 100;

    private final Vertx vertx = Vertx.vertx(
            new VertxOptions().setEventLoopPoolSize(2).setWorkerPoolSize(2).setInternalBlockingPoolSize(2));
    private final HttpClient client = vertx.createHttpClient(
            new HttpClientOptions().setMaxPoolSize(256).setConnectTimeout(2_000).setKeepAliveTimeout(2));
    private final Map<Path, HttpServer> servers = new ConcurrentHashMap<>();
    private final Map<Path, Read> routes = new ConcurrentHashMap<>();
    private final Path environments;
    private final String host;

    private record Read(FileTime modified, Object key, int port) {}

    private ProxyMain(Path environments, String host) {
        this.environments = environments;
        this.host = host;
    }

    public static void main(String[] arguments) {
        if (arguments.length != 2) {
            System.err.println("Expected the directory of the environments and the address to listen at");
            System.exit(2);
        }
        ProxyMain proxy = new ProxyMain(Path.of(arguments[0]), arguments[1]);
        proxy.look();
        proxy.vertx.setPeriodic(LOOK_EVERY_MILLIS, timer -> proxy.look());
    }

    /** Listens for environments that are new. */
    private void look() {
        for (Path environment : directories()) {
            if (!servers.containsKey(environment) && Files.exists(environment.resolve("port"))) {
                listen(environment);
            }
        }
    }

    private void listen(Path environment) {
        int port = number(environment.resolve("port"));
        HttpProxy proxy = HttpProxy.reverseProxy(client);
        proxy.origin(OriginRequestProvider.selector(context -> Future.succeededFuture(
                SocketAddress.inetSocketAddress(route(environment).orElseThrow(), "127.0.0.1"))));
        HttpServer server = vertx.createHttpServer(
                        new HttpServerOptions().setHost(host).setPort(port))
                .requestHandler(request -> answer(environment, proxy, request));
        servers.put(environment, server);
        Future<HttpServer> listening = server.listen();
        listening
                .onSuccess(ready -> System.out.println("listens at " + host + ":" + port + " for " + environment))
                .onFailure(failure -> {
                    System.err.println("could not listen at " + host + ":" + port + ": " + failure.getMessage());
                    servers.remove(environment);
                });
    }

    private void answer(Path environment, HttpProxy proxy, HttpServerRequest request) {
        if (route(environment).isPresent()) {
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

    /** The port of what serves, as the file says now; it is read again only when it was replaced. */
    private Optional<Integer> route(Path environment) {
        Path file = environment.resolve("route");
        try {
            java.nio.file.attribute.BasicFileAttributes attributes =
                    Files.readAttributes(file, java.nio.file.attribute.BasicFileAttributes.class);
            Read known = routes.get(environment);
            if (known == null
                    || !known.modified().equals(attributes.lastModifiedTime())
                    || !attributes.fileKey().equals(known.key())) {
                known = new Read(
                        attributes.lastModifiedTime(),
                        attributes.fileKey(),
                        Integer.parseInt(Files.readString(file).trim().split(" ", -1)[1]));
                routes.put(environment, known);
            }
            return Optional.of(known.port());
        } catch (java.nio.file.NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<Path> directories() {
        if (!Files.isDirectory(environments)) {
            return List.of();
        }
        try (Stream<Path> found = Files.find(
                environments, 2, (path, attributes) -> path.getNameCount() == environments.getNameCount() + 2)) {
            return found.toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int number(Path file) {
        try {
            return Integer.parseInt(Files.readString(file).trim());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
