package dev.flujo.stack;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.exception.NotFoundException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.testcontainers.DockerClientFactory;

/**
 * Where tests get Kafka and Cassandra from: containers, where an engine and the images are there, else the embedded
 * servers. {@code -Dflujo.test.servers=containers} or {@code embedded} leaves no choice; {@code -Dflujo.test.pull=true} lets
 * images be pulled, which takes minutes and is never done unasked.
 */
record ServerChoice(boolean containers, String reason) {

    private static final Path SOCKET = Path.of("/var/run/docker.sock");

    /** The images that containers are made of; the variables are those of docker-compose.yml. */
    record Images(String kafka, String cassandra, boolean pull) {

        static Images configured() {
            return new Images(
                    System.getenv().getOrDefault("FLUJO_KAFKA_IMAGE", "apache/kafka:4.2.1"),
                    System.getenv().getOrDefault("FLUJO_CASSANDRA_IMAGE", "cassandra:5.0"),
                    Boolean.getBoolean("flujo.test.pull"));
        }
    }

    static ServerChoice make(Images images) {
        return make(System.getProperty("flujo.test.servers", "auto"), images);
    }

    static ServerChoice make(String wanted, Images images) {
        return switch (wanted) {
            case "embedded" -> new ServerChoice(false, "flujo.test.servers says so");
            case "containers", "auto" -> {
                Optional<String> obstacle = obstacle(images);
                if (obstacle.isPresent() && wanted.equals("containers")) {
                    throw new StackException("Expected to test with containers, but " + obstacle.get());
                }
                yield new ServerChoice(
                        obstacle.isEmpty(),
                        obstacle.orElseGet(
                                () -> "a container engine has " + images.kafka() + " and " + images.cassandra()));
            }
            default ->
                throw new StackException(
                        "Expected flujo.test.servers to be auto, containers or embedded, but found '" + wanted + "'");
        };
    }

    /** The choice in a line. */
    String line() {
        return "Kafka and Cassandra for tests: " + (containers ? "containers" : "embedded") + ", since " + reason;
    }

    /** What speaks against containers. */
    private static Optional<String> obstacle(Images images) {
        String host = System.getenv().getOrDefault("DOCKER_HOST", "unix://" + SOCKET);
        if (!host.startsWith("unix://")) {
            return Optional.of("the container engine is another machine's");
        }
        if (!Files.exists(Path.of(host.substring("unix://".length())))) {
            return Optional.of("there is no container engine");
        }
        if (!Boolean.parseBoolean(System.getenv("TESTCONTAINERS_RYUK_DISABLED")) && !images.pull()) {
            return Optional.of("Testcontainers would pull an image of its own to clean up with"
                    + " (TESTCONTAINERS_RYUK_DISABLED=true forbids)");
        }
        DockerClientFactory engine = DockerClientFactory.instance();
        Optional<String> unusable = unusable(engine);
        if (unusable.isPresent()) {
            return unusable;
        }
        List<String> missing = Stream.of(images.kafka(), images.cassandra())
                .filter(image -> !present(engine.client(), image))
                .toList();
        return missing.isEmpty() || images.pull()
                ? Optional.empty()
                : Optional.of(
                        "the container engine lacks " + String.join(", ", missing) + " (-Dflujo.test.pull=true pulls)");
    }

    /** In a container, Testcontainers asks one of its own for the way to the machine, and gives up where it gets no image. */
    private static Optional<String> unusable(DockerClientFactory engine) {
        try {
            return engine.isDockerAvailable() ? Optional.empty() : Optional.of("no container engine answers");
        } catch (RuntimeException e) {
            return Optional.of("Testcontainers cannot use the container engine: " + e.getMessage());
        }
    }

    private static boolean present(DockerClient client, String image) {
        try {
            client.inspectImageCmd(image).exec();
            return true;
        } catch (NotFoundException e) {
            return false;
        }
    }
}
