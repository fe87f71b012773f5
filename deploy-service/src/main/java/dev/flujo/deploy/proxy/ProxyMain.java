package dev.flujo.deploy.proxy;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * The reverse proxy of the local target: a process of its own, so that applications are reached while the deploy-service is
 * away. Each environment has doors, which are listening addresses; who answers there is what a door's {@code routes} file
 * says at that moment.
 *
 * <p>Usage: {@code ProxyMain DIRECTORY HOST}.
 */
public final class ProxyMain {

    private static final long LOOK_EVERY_MILLIS = 100;

    /** Below the directory: project, environment, door. */
    private static final int DEPTH = 3;

    private final Vertx vertx = Vertx.vertx(
            new VertxOptions().setEventLoopPoolSize(2).setWorkerPoolSize(2).setInternalBlockingPoolSize(2));
    private final HttpClient client = vertx.createHttpClient(
            new HttpClientOptions().setMaxPoolSize(256).setConnectTimeout(2_000).setKeepAliveTimeout(2));
    private final Map<Path, ProxyDoor> doors = new ConcurrentHashMap<>();
    private final Path environments;
    private final String host;

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

    /** Listens at doors that are new and no more at those that are gone, and leaves word of what came through all of them. */
    private void look() {
        try {
            lookForDoors();
        } catch (UncheckedIOException e) {
            System.err.println("an environment is being taken down: " + e.getMessage());
        }
        doors.values().forEach(door -> {
            try {
                door.tell();
            } catch (IOException e) {
                System.err.println("could not write counts: " + e);
            }
        });
    }

    private void lookForDoors() {
        for (Path directory : List.copyOf(doors.keySet())) {
            if (!Files.exists(directory.resolve("port"))) {
                doors.remove(directory).close().onComplete(closed -> System.out.println("left " + directory));
            }
        }
        for (Path directory : directories()) {
            if (!doors.containsKey(directory)) {
                listen(directory);
            }
        }
    }

    private void listen(Path directory) {
        int port = number(directory.resolve("port"));
        ProxyDoor door = new ProxyDoor(vertx, client, directory, host, port);
        doors.put(directory, door);
        door.listen()
                .onSuccess(ready -> System.out.println("listens at " + host + ":" + port + " for " + directory))
                .onFailure(failure -> {
                    System.err.println("could not listen at " + host + ":" + port + ": " + failure.getMessage());
                    doors.remove(directory);
                });
    }

    private List<Path> directories() {
        if (!Files.isDirectory(environments)) {
            return List.of();
        }
        try (Stream<Path> found = Files.find(
                environments,
                DEPTH,
                (path, attributes) -> path.getNameCount() == environments.getNameCount() + DEPTH
                        && Files.exists(path.resolve("port")))) {
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
