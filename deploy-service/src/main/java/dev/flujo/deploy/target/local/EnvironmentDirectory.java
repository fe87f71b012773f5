package dev.flujo.deploy.target.local;

import dev.flujo.deploy.Target.Serving;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * One environment of the local target on disk. {@code port} is where its proxy listens; {@code route} is what serves, and
 * replacing that file is what lets a version take over.
 */
record EnvironmentDirectory(Path path) {

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]*");

    /**
     * The directory of an environment.
     *
     * @throws IllegalArgumentException if a name would lead elsewhere
     */
    static EnvironmentDirectory of(Path root, String project, String environment) {
        for (String name : List.of(project, environment)) {
            if (!NAME.matcher(name).matches()) {
                throw new IllegalArgumentException(
                        "Expected the names of a project and an environment, but found '" + name + "'");
            }
        }
        return new EnvironmentDirectory(
                root.resolve("environments").resolve(project).resolve(environment));
    }

    static List<EnvironmentDirectory> all(Path root) throws IOException {
        Path environments = root.resolve("environments");
        if (!Files.isDirectory(environments)) {
            return List.of();
        }
        try (Stream<Path> found = Files.find(
                environments, 2, (path, attributes) -> path.getNameCount() == environments.getNameCount() + 2)) {
            return found.sorted().map(EnvironmentDirectory::new).toList();
        }
    }

    Release release(UUID deployment) throws IOException {
        Path directory = path.resolve("releases").resolve(deployment.toString());
        Files.createDirectories(directory);
        return new Release(directory);
    }

    Optional<Integer> port() throws IOException {
        Path file = path.resolve("port");
        return Files.exists(file)
                ? Optional.of(Integer.parseInt(Files.readString(file).trim()))
                : Optional.empty();
    }

    void port(int port) throws IOException {
        Release.write(path.resolve("port"), Integer.toString(port));
    }

    /** What serves: the deployment, its process's port, since when, and what served before. */
    Optional<Route> route() throws IOException {
        Path file = path.resolve("route");
        return Files.exists(file) ? Optional.of(Route.parse(Files.readString(file))) : Optional.empty();
    }

    /** Lets a deployment take over, at once and durably. */
    void route(Route route) throws IOException {
        Release.write(path.resolve("route"), route.line());
    }

    /** What the file {@code route} says, on one line. */
    record Route(UUID deployment, int port, Instant since, Optional<UUID> previous) {

        String line() {
            return deployment + " " + port + " " + since + " "
                    + previous.map(UUID::toString).orElse("none");
        }

        static Route parse(String line) {
            String[] parts = line.trim().split(" ", -1);
            return new Route(
                    UUID.fromString(parts[0]),
                    Integer.parseInt(parts[1]),
                    Instant.parse(parts[2]),
                    parts[3].equals("none") ? Optional.empty() : Optional.of(UUID.fromString(parts[3])));
        }

        Serving serving(String address) {
            return new Serving(deployment, address, since, previous);
        }
    }
}
