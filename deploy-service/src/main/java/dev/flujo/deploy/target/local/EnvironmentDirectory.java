package dev.flujo.deploy.target.local;

import dev.flujo.deploy.Environment;
import dev.flujo.deploy.Facts;
import dev.flujo.deploy.Target.Serving;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * One environment of the local target on disk: {@code serving} is what was promoted last, {@code front} the door that users
 * come in by, {@code preview} the one behind which a version is looked at before.
 */
record EnvironmentDirectory(Path path) {

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]*");
    private static final String SERVING = "serving";

    /**
     * The directory of an environment.
     *
     * @throws IllegalArgumentException if a name would lead elsewhere
     */
    static EnvironmentDirectory of(Path root, Environment environment) {
        for (String name : List.of(environment.project(), environment.name())) {
            if (!NAME.matcher(name).matches()) {
                throw new IllegalArgumentException(
                        "Expected the names of a project and an environment, but found '" + name + "'");
            }
        }
        return new EnvironmentDirectory(
                root.resolve("environments").resolve(environment.project()).resolve(environment.name()));
    }

    static List<EnvironmentDirectory> all(Path root) throws IOException {
        Path environments = root.resolve("environments");
        if (!Files.isDirectory(environments)) {
            return List.of();
        }
        List<EnvironmentDirectory> all = new ArrayList<>();
        try (Stream<Path> projects = Files.list(environments)) {
            for (Path project : projects.sorted().toList()) {
                try (Stream<Path> found = Files.list(project)) {
                    found.sorted().map(EnvironmentDirectory::new).forEach(all::add);
                }
            }
        }
        return all;
    }

    Door front() {
        return new Door(path.resolve("front"));
    }

    Door preview() {
        return new Door(path.resolve("preview"));
    }

    /** What its applications are given besides their artifacts. */
    ConfigDirectory config() {
        return new ConfigDirectory(path.resolve("config"));
    }

    List<Door> doors() {
        return List.of(front(), preview());
    }

    Release release(UUID deployment) {
        return new Release(path.resolve("releases").resolve(deployment.toString()));
    }

    /** The releases of which replicas are wanted or were wanted a moment ago. */
    List<Release> releases() throws IOException {
        Path releases = path.resolve("releases");
        if (!Files.isDirectory(releases)) {
            return List.of();
        }
        try (Stream<Path> found = Files.list(releases)) {
            return found.sorted()
                    .map(Release::new)
                    .filter(release -> Files.isDirectory(release.directory().resolve("replicas")))
                    .toList();
        }
    }

    Optional<Promoted> promoted() throws IOException {
        return new Facts(path).fact(SERVING).map(Promoted::parse);
    }

    /** Says what serves from now on, at once and durably. */
    void promote(Promoted promoted) throws IOException {
        new Facts(path).replace(SERVING, promoted.line());
    }

    /** Nothing serves there any more. */
    void demote() throws IOException {
        new Facts(path).forget(SERVING);
    }

    /** What the file {@code serving} says, on one line. */
    record Promoted(UUID deployment, Instant since, Optional<UUID> previous) {

        String line() {
            return deployment + " " + since + " " + previous.map(UUID::toString).orElse("none");
        }

        static Promoted parse(String line) {
            String[] parts = line.trim().split(" ", -1);
            return new Promoted(
                    UUID.fromString(parts[0]),
                    Instant.parse(parts[1]),
                    parts[2].equals("none") ? Optional.empty() : Optional.of(UUID.fromString(parts[2])));
        }

        Serving serving(String address) {
            return new Serving(deployment, address, since, previous);
        }
    }
}
