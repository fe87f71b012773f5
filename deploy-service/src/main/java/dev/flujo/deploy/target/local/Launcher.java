package dev.flujo.deploy.target.local;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Starts the command of a release in a session of its own, so that it outlives this service. A release is started once,
 * whoever tries; only what is known to be dead is started again.
 */
final class Launcher {

    /** What commands get of this service's own environment. */
    private static final List<String> PASSED_ON =
            List.of("PATH", "HOME", "LANG", "LC_ALL", "TZ", "JAVA_HOME", "FLUJO_STACK");

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path script;

    /** Installs the script that starts commands. */
    Launcher(Path root) throws IOException {
        this.script = root.resolve("launch.sh");
        Files.createDirectories(root);
        Path fresh = Files.createTempFile(root, "launch", ".tmp");
        try (InputStream in = Launcher.class.getResourceAsStream("launch.sh")) {
            Files.copy(in, fresh, StandardCopyOption.REPLACE_EXISTING);
        }
        Files.move(fresh, script, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Starts the command with these variables, unless the release has been started before. */
    void start(Release release, String command, Map<String, String> variables) throws IOException {
        release.settled("environment", JSON.writeValueAsString(variables));
        release.settled("start", command);
        launch(release, command, variables);
    }

    /** Starts a release whose process is dead again, as it was started before. */
    void startAgain(Release release) throws IOException {
        Optional<String> command = release.fact("start");
        Optional<String> variables = release.fact("environment");
        if (command.isPresent() && variables.isPresent()) {
            release.forgetProcess();
            launch(release, command.get(), JSON.readValue(variables.get(), new TypeReference<>() {}));
        }
    }

    /** Starts the command unless somebody has before. */
    void launch(Release release, String command, Map<String, String> variables) throws IOException {
        Files.createDirectories(release.files());
        ProcessBuilder builder = new ProcessBuilder(
                        "setsid", "bash", script.toString(), release.directory().toString(), command)
                .redirectErrorStream(true)
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        release.directory().resolve("launch.log").toFile()));
        builder.environment().clear();
        for (String name : PASSED_ON) {
            Optional.ofNullable(System.getenv(name))
                    .ifPresent(value -> builder.environment().put(name, value));
        }
        builder.environment().putAll(variables);
        builder.start();
    }
}
