package dev.flujo.deploy.target.kubernetes;

import dev.flujo.deploy.Environment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;

/** Where environments were deployed to last, on disk: only how to find the cluster that knows everything else. */
final class Places {

    private final Path root;

    Places(Path root) {
        this.root = root.resolve("places");
    }

    Optional<Place> place(Environment environment) throws IOException {
        Place.checkNames(environment);
        Path file = file(environment);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        String[] parts = Files.readString(file).strip().split(" ", 2);
        return Optional.of(new Place(environment, parts[1], parts[0]));
    }

    void note(Place place) throws IOException {
        Path file = file(place.environment());
        Files.createDirectories(file.getParent());
        Path fresh = Files.createTempFile(file.getParent(), "place", ".tmp");
        Files.writeString(fresh, place.namespace() + " " + place.cluster() + "\n");
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
    }

    void forget(Environment environment) throws IOException {
        Files.deleteIfExists(file(environment));
    }

    private Path file(Environment environment) {
        return root.resolve(environment.project()).resolve(environment.name() + ".place");
    }
}
