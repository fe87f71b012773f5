package dev.flujo.stack;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

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
        Path lib = root.resolve("local-stack").resolve(module).resolve("target/lib");
        if (!Files.isDirectory(lib)) {
            throw new StackException("Expected the jars of " + module + " in " + lib
                    + ", but they are not there; build first: mvn -DskipTests package");
        }
        return lib + "/*";
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
