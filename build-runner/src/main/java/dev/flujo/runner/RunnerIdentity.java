package dev.flujo.runner;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;

/** The name of a runner: made once for its directory, so that a restarted runner is the same one. */
final class RunnerIdentity {

    private RunnerIdentity() {}

    static String of(Path directory) throws IOException {
        Path file = directory.resolve("runner-id");
        if (!Files.exists(file)) {
            Files.createDirectories(directory);
            String host = InetAddress.getLocalHost().getHostName().replaceAll("[^A-Za-z0-9-]", "-");
            Files.writeString(
                    file, "runner-" + host + "-" + UUID.randomUUID().toString().substring(0, 8));
        }
        return Files.readString(file).trim();
    }
}
