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
 * Starts a command in a session of its own, so that it outlives this service. It is started once, whoever tries; only what is
 * known to be dead is started again.
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

    /** Starts the command with these variables, unless it has been started before. */
    void start(ProcessDirectory process, String command, Map<String, String> variables) throws IOException {
        process.facts().settled("environment", JSON.writeValueAsString(variables));
        process.facts().settled("start", command);
        launch(process, command, variables);
    }

    /** Starts what is dead again, as it was started before. */
    void startAgain(ProcessDirectory process) throws IOException {
        Optional<String> command = process.facts().fact("start");
        Optional<String> variables = process.facts().fact("environment");
        if (command.isPresent() && variables.isPresent()) {
            process.forgetProcess();
            launch(process, command.get(), JSON.readValue(variables.get(), new TypeReference<>() {}));
        }
    }

    /** Starts the command unless somebody has before. */
    void launch(ProcessDirectory process, String command, Map<String, String> variables) throws IOException {
        if (!Files.isDirectory(process.files())) {
            Files.createDirectories(process.files());
        }
        ProcessBuilder builder = new ProcessBuilder(
                        "setsid", "bash", script.toString(), process.path().toString(), command)
                .redirectErrorStream(true)
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        process.path().resolve("launch.log").toFile()));
        builder.environment().clear();
        for (String name : PASSED_ON) {
            Optional.ofNullable(System.getenv(name))
                    .ifPresent(value -> builder.environment().put(name, value));
        }
        builder.environment().putAll(variables);
        builder.start();
    }
}
