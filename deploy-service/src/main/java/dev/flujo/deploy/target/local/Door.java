package dev.flujo.deploy.target.local;

import dev.flujo.deploy.Facts;
import dev.flujo.deploy.proxy.Count;
import dev.flujo.deploy.proxy.Route;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * An address of the proxy, on disk: {@code port} is where it listens, {@code routes} says who answers there, and replacing that
 * file is what moves the traffic; the proxy leaves its {@code counts} beside it.
 */
record Door(Path path) {

    private static final String PORT = "port";
    private static final String ROUTES = "routes";
    private static final String COUNTS = "counts";

    private Facts facts() {
        return new Facts(path);
    }

    Optional<Integer> port() throws IOException {
        return facts().fact(PORT).map(Integer::parseInt);
    }

    void port(int port) throws IOException {
        facts().replace(PORT, Integer.toString(port));
    }

    /** Lets the proxy listen no more. */
    void close() throws IOException {
        facts().forget(PORT);
    }

    List<Route> routes() throws IOException {
        return lines(ROUTES).map(Route::parse).toList();
    }

    /** Moves the traffic, at once and durably. */
    void routes(List<Route> routes) throws IOException {
        facts().replace(ROUTES, routes.stream().map(Route::line).collect(Collectors.joining("\n")));
    }

    /** Gives these ports no new request from now on. */
    void leaveOut(Set<Integer> ports) throws IOException {
        List<Route> routes = routes();
        List<Route> fewer = routes.stream().map(route -> route.without(ports)).toList();
        if (!fewer.equals(routes)) {
            routes(fewer);
        }
    }

    List<Count> counts() throws IOException {
        return lines(COUNTS).map(Count::parse).toList();
    }

    private Stream<String> lines(String name) throws IOException {
        return facts().fact(name).stream().flatMap(String::lines).filter(line -> !line.isBlank());
    }
}
