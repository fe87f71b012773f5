package dev.flujo.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.flujo.stack.Await;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** The stack of docker-compose.yml beside any other of its kind: a name, free ports and secrets of its own. */
final class Compose implements AutoCloseable {

    private static final List<String> SECRETS =
            List.of("bootstrap-token", "internal-token", "runner-token", "webhook-secret", "provenance-key");

    private static final Map<String, String> PLACES = Map.of(
            "cassandra", "/var/lib/cassandra",
            "pipeline-service", "/var/lib/flujo",
            "deploy-service", "/var/lib/flujo");

    private final List<String> command;
    private final Path secrets;
    private final int port = Await.freePort();
    private final int kafkaPort = Await.freePort();
    private final Map<String, String> environment = new HashMap<>();

    private Compose(List<String> command, Path secrets) {
        this.command = command;
        this.secrets = secrets;
        String proxyPort = Integer.toString(Await.freePort());
        environment.put("FLUJO_SECRETS", secrets.toString());
        environment.put("FLUJO_PORT", Integer.toString(port));
        environment.put("FLUJO_KAFKA_PORT", Integer.toString(kafkaPort));
        environment.put("FLUJO_PROXY_PORT", proxyPort);
        environment.put("FLUJO_PROXY_LAST_PORT", proxyPort);
    }

    /**
     * A stack that nothing is started of yet; the test is skipped where the machine cannot.
     *
     * @param further what the tests add to docker-compose.yml
     */
    static Compose prepare(Path secrets, Path further) {
        Machine.needs(
                Machine.can("docker", "version"),
                "Expected a container engine, but docker does not reach one; install and start it (Debian:"
                        + " apt-get install docker.io).");
        boolean plugin = Machine.can("docker", "compose", "version");
        Machine.needs(
                plugin || Machine.can("docker-compose", "version"),
                "Expected Docker Compose 2.20 or newer, but there is none; install it (Debian 13: apt-get install"
                        + " docker-compose).");
        List<String> command = new ArrayList<>(plugin ? List.of("docker", "compose") : List.of("docker-compose"));
        command.addAll(List.of(
                "--ansi",
                "never",
                "--project-name",
                "flujo-e2e-" + UUID.randomUUID().toString().substring(0, 8),
                "--file",
                Machine.checkout().resolve("docker-compose.yml").toString(),
                "--file",
                further.toString()));
        makeSecrets(secrets);
        Compose compose = new Compose(command, secrets);
        List<String> missing = compose.run("config", "--images")
                .lines()
                .filter(image -> !Machine.can("docker", "image", "inspect", image))
                .sorted()
                .toList();
        Machine.needs(
                missing.isEmpty(),
                "Expected the images " + missing + ", but they are not there; build Flujo's (mvn -Pimages -DskipTests"
                        + " package), pull the others (docker compose pull kafka cassandra).");
        return compose;
    }

    /** Starts these services, or all, with what they depend on, and waits until they are healthy. */
    void up(String... arguments) {
        List<String> line =
                new ArrayList<>(List.of("up", "--detach", "--quiet-pull", "--wait", "--wait-timeout", "240"));
        line.addAll(List.of(arguments));
        run(line.toArray(String[]::new));
    }

    /** What a shell script prints that a container of a service runs. */
    String shell(String service, String script) {
        return shell(service, script, new byte[0]);
    }

    String shell(String service, String script, byte[] input) {
        return Machine.run(line("exec", "--no-TTY", service, "bash", "-euc", script), environment, input);
    }

    /** What the engine knows of the containers, by service. */
    Map<String, JsonNode> containers() {
        Map<String, JsonNode> containers = new HashMap<>();
        ObjectMapper mapper = new ObjectMapper();
        for (String id : run("ps", "--quiet").lines().toList()) {
            String json = Machine.run(List.of("docker", "inspect", id), Map.of(), new byte[0]);
            try {
                JsonNode container = mapper.readTree(json).path(0);
                containers.put(
                        container
                                .at("/Config/Labels/com.docker.compose.service")
                                .asText(),
                        container);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return containers;
    }

    /** The files of the services' volumes, but those of Kafka and of runners, that have one of these texts. */
    List<String> filesWith(List<String> texts) {
        byte[] patterns = (String.join("\n", texts) + "\n").getBytes(StandardCharsets.UTF_8);
        List<String> found = new ArrayList<>();
        PLACES.forEach((service, place) -> shell(
                        service,
                        "grep --recursive --no-messages --files-with-matches --fixed-strings --text --file=- " + place
                                + " || true",
                        patterns)
                .lines()
                .forEach(file -> found.add(service + " " + file)));
        return found;
    }

    /** All that its services have said until now. */
    String words() {
        return run("logs", "--no-color", "--timestamps");
    }

    String url() {
        return "http://127.0.0.1:" + port;
    }

    String bootstrapServers() {
        return "localhost:" + kafkaPort;
    }

    /** The first value of a secret. */
    String secret(String name) {
        try {
            return Files.readAllLines(secrets.resolve(name)).get(0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Adds a value to a secret, as one who changes it does: the old one stays valid. */
    void addToSecret(String name, String value) {
        try {
            Files.writeString(secrets.resolve(name), "\n" + value + "\n", StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ends the stack with its data; what its services said stays in {@code target/compose.log}. */
    @Override
    public void close() {
        try {
            Files.writeString(Path.of("target/compose.log"), words());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            run("down", "--volumes", "--timeout", "5");
        }
    }

    private String run(String... arguments) {
        return Machine.run(line(arguments), environment, new byte[0]);
    }

    private List<String> line(String... arguments) {
        List<String> line = new ArrayList<>(command);
        line.addAll(List.of(arguments));
        return line;
    }

    /** As docs/operations.md says: nobody else may enter the directory, any user may read the files. */
    private static void makeSecrets(Path directory) {
        try {
            Files.createDirectories(
                    directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            for (String name : SECRETS) {
                Path file = Files.writeString(directory.resolve(name), UUID.randomUUID() + "" + UUID.randomUUID());
                Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
