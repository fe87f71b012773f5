package dev.flujo.deploy.proxy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** Who answers at a door, as its file says at this moment; it is read again only when it was replaced. */
final class Routes {

    /** Multiples of it, without their whole part, spread so evenly that any few requests keep to the shares. */
    private static final double GOLDEN = (Math.sqrt(5) - 1) / 2;

    private final Path file;
    private final AtomicLong turn = new AtomicLong();
    private volatile Read known = new Read(null, null, List.of());

    private record Read(FileTime modified, Object key, List<Route> routes) {}

    /** A replica that a request may go to. */
    record Choice(String deployment, int port) {}

    Routes(Path file) {
        this.file = file;
    }

    /**
     * Where the next request goes, and where it goes if that replica takes no connection: to others of the same version, then to
     * those of other versions. None where nobody answers.
     */
    List<Choice> next() {
        List<Route> routes = current().stream()
                .filter(route -> route.weight() > 0 && !route.ports().isEmpty())
                .toList();
        if (routes.isEmpty()) {
            return List.of();
        }
        long number = turn.getAndIncrement();
        int first = chosen(routes, number);
        List<Choice> choices = new ArrayList<>();
        for (int i = 0; i < routes.size(); i++) {
            Route route = routes.get((first + i) % routes.size());
            int replicas = route.ports().size();
            for (int j = 0; j < replicas; j++) {
                choices.add(new Choice(route.deployment(), route.ports().get((int) ((number + j) % replicas))));
            }
        }
        return choices;
    }

    List<Route> current() {
        try {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            Read read = known;
            if (!attributes.lastModifiedTime().equals(read.modified())
                    || !attributes.fileKey().equals(read.key())) {
                read = new Read(
                        attributes.lastModifiedTime(),
                        attributes.fileKey(),
                        Files.readAllLines(file).stream()
                                .filter(line -> !line.isBlank())
                                .map(Route::parse)
                                .toList());
                known = read;
            }
            return read.routes();
        } catch (NoSuchFileException e) {
            return List.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int chosen(List<Route> routes, long number) {
        int sum = routes.stream().mapToInt(Route::weight).sum();
        double place = (number * GOLDEN) % 1 * sum;
        for (int i = 0; i < routes.size(); i++) {
            place -= routes.get(i).weight();
            if (place < 0) {
                return i;
            }
        }
        return routes.size() - 1;
    }
}
