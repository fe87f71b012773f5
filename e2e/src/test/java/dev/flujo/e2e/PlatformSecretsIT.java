package dev.flujo.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.flujo.stack.LocalStack;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** The platform's own secrets, looked for when all other tests have used the stack in every way that they know. */
@Order(Integer.MAX_VALUE)
class PlatformSecretsIT {

    private final SharedStack shared = SharedStack.get();

    @Test
    void areFoundNowhereAfterAllThatWasDoneToIt() throws IOException {
        LocalStack stack = shared.stack();
        Canary canary = new Canary(secrets(stack));

        List<String> found = new ArrayList<>(canary.foundIn(shared));
        found.addAll(canary.inCommands());
        for (Path logs : logsOfReplicas()) {
            found.addAll(canary.inFiles(logs));
        }

        assertEquals(List.of(), found);
    }

    /** Each line of each secret that is one: keys have lines that are not. */
    private static List<String> secrets(LocalStack stack) throws IOException {
        List<String> secrets = new ArrayList<>();
        try (Stream<Path> files = Files.list(stack.home().resolve("secrets"))) {
            for (Path file : files.toList()) {
                Files.readAllLines(file).stream()
                        .filter(line -> !line.isBlank() && !line.startsWith("-----"))
                        .forEach(secrets::add);
            }
        }
        assertTrue(secrets.size() >= 4, "secrets of the stack");
        return secrets;
    }

    private List<Path> logsOfReplicas() throws IOException {
        try (Stream<Path> replicas = Files.list(shared.outside())) {
            return replicas.map(replica -> replica.resolve("logs"))
                    .filter(Files::isDirectory)
                    .toList();
        }
    }
}
