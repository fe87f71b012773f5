package dev.flujo.stack;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The directory of a built Flujo: where the servers' jars and the services' applications lie. */
public record Checkout(Path root) {

    /** The system property that names the checkout where it cannot be found by walking up. */
    public static final String PROPERTY = "flujo.checkout";

    /**
     * The checkout that this process works in.
     *
     * @throws StackException if there is none
     */
    public static Checkout find() {
        String named = System.getProperty(PROPERTY);
        Path start = Path.of(named == null ? "" : named).toAbsolutePath();
        for (Path place = start; place != null; place = place.getParent()) {
            if (Files.isRegularFile(place.resolve("local-stack/kafka-server/pom.xml"))) {
                return new Checkout(place);
            }
        }
        throw new StackException("Expected to run inside a checkout of Flujo, but " + start
                + " is not in one; go there or set -D" + PROPERTY + "=<directory>");
    }

    /** The class path of a server that a module collected. */
    String serverClassPath(String module) {
        Path target = root.resolve("local-stack").resolve(module).resolve("target");
        Path path = target.resolve("class-path");
        try {
            return Stream.of(Files.readString(path).strip().split(File.pathSeparator))
                    .map(jar -> target.resolve(jar).toString())
                    .collect(Collectors.joining(File.pathSeparator));
        } catch (NoSuchFileException e) {
            throw new StackException(
                    "Expected " + path + " to name the jars of " + module
                            + ", but it is not there; build first: mvn -DskipTests package",
                    e);
        } catch (IOException e) {
            throw new StackException("Expected to read " + path + ", but " + e.getMessage(), e);
        }
    }

    /** The jar that starts a service. */
    Path serviceJar(String module) {
        Path jar = root.resolve(module).resolve("target/quarkus-app/quarkus-run.jar");
        return Optional.of(jar)
                .filter(Files::isRegularFile)
                .orElseThrow(() -> new StackException("Expected " + module + " built at " + jar
                        + ", but it is not there; build first: mvn -DskipTests package"));
    }
}
