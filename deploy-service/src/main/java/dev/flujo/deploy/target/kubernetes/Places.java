package dev.flujo.deploy.target.kubernetes;

import dev.flujo.deploy.Environment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/** Where environments were deployed to last, on disk: only how to find the cluster that knows everything else. */
final class Places {

    private final Path root;

    Places(Path root) {
        this.root = root.resolve("places");
    }

    /** All of them, or none of an environment that nothing was deployed to. */
    List<Place> places(Environment environment) throws IOException {
        Place.checkNames(environment);
        Path file = file(environment);
        return Files.exists(file)
                ? Files.readAllLines(file).stream()
                        .map(line -> line.strip().split(" ", 2))
                        .map(parts -> new Place(environment, parts[1], parts[0]))
                        .toList()
                : List.of();
    }

    void note(Environment environment, List<Place> places) throws IOException {
        Path file = file(environment);
        Files.createDirectories(file.getParent());
        Path fresh = Files.createTempFile(file.getParent(), "place", ".tmp");
        Files.write(
                fresh,
                places.stream()
                        .map(place -> place.namespace() + " " + place.cluster())
                        .toList());
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
    }

    void forget(Environment environment) throws IOException {
        Files.deleteIfExists(file(environment));
    }

    private Path file(Environment environment) {
        return root.resolve(environment.project()).resolve(environment.name() + ".place");
    }
}
