package dev.flujo.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.flujo.stack.Await;
import dev.flujo.stack.Checkout;
import dev.flujo.stack.LocalStack;
import dev.flujo.stack.Main;
import dev.flujo.stack.Ports;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The commands of {@code ./flujo}, as processes of their own, around crashes. */
@Execution(ExecutionMode.CONCURRENT)
class StackIT {

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Duration TO_END = Duration.ofSeconds(20);

    @TempDir
    Path directory;

    private Path home;
    private Ports ports;
    private LocalStack stack;

    private record Ended(int code, String words) {}

    @BeforeEach
    void make() {
        home = directory.resolve("data");
        ports = Ports.free();
        stack = new LocalStack(Checkout.find(), home, ports, Map.of());
    }

    @AfterEach
    void end() {
        stack.stop(LocalStack.Progress.silent());
    }

    @Test
    void downLeavesNothingBehindWhoeverWasKilled() throws Exception {
        assertEquals(List.of("stopped"), states().distinct().toList());
        Ended unknown = flujo("logs", "kafka");
        assertEquals(1, unknown.code());
        assertTrue(unknown.words().startsWith("Expected a log of kafka in " + home), unknown.words());

        Process up = started("up");
        assertTrue(Await.until(
                PATIENCE, () -> stack.service("metrics-service").process().alive()));
        up.destroyForcibly().waitFor();
        assertEquals("ready", states().findFirst().orElseThrow());
        assertFalse(states().anyMatch("stopped"::equals));

        kill("kafka");
        kill("pipeline-service");
        assertEquals(2, states().filter("crashed"::equals).count());
        assertTrue(flujo("status").words().contains("./flujo up starts it again"));
        assertEquals(0, flujo("logs", "pipeline-service", "-n", "3").code());
        long began = System.nanoTime();

        Ended down = flujo("down");

        Duration took = Duration.ofNanos(System.nanoTime() - began);
        System.out.println("down took " + took.toMillis() + " ms");
        assertTrue(took.compareTo(TO_END) < 0, () -> "down took " + took);
        assertEquals(0, down.code(), down.words());
        assertEquals(List.of(), Leftovers.ofEnvironment("FLUJO_STACK=" + home));
        assertEquals(List.of("stopped"), states().distinct().toList());
        ports.byName().forEach((name, port) -> assertFalse(Await.listening(port), "somebody listens for " + name));
        assertEquals(0, flujo("down").code());
    }

    private void kill(String member) {
        long pid = stack.members().stream()
                .filter(candidate -> candidate.name().equals(member))
                .findFirst()
                .flatMap(found -> found.process())
                .orElseThrow()
                .pid();
        ProcessHandle victim = ProcessHandle.of(pid).orElseThrow();
        victim.destroyForcibly();
        assertTrue(Await.until(PATIENCE, () -> !victim.isAlive()));
    }

    /** The second column of the table that status prints. */
    private Stream<String> states() throws IOException, InterruptedException {
        String table = flujo("status").words();
        assertTrue(table.startsWith("member"), () -> "Expected the table of members, but status printed " + table);
        return table.lines().skip(1).filter(line -> !line.startsWith("./flujo")).map(line -> line.substring(19, 29)
                .strip());
    }

    private Ended flujo(String... arguments) throws IOException, InterruptedException {
        Process process = started(arguments);
        String words = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Ended(process.waitFor(), words.strip());
    }

    private Process started(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-Dflujo.checkout=" + Machine.checkout(),
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("FLUJO_HOME", home.toString());
        ports.byName().forEach((name, port) -> builder.environment()
                .put("FLUJO_PORT_" + name.toUpperCase(Locale.ROOT).replace('-', '_'), Integer.toString(port)));
        if (arguments[0].equals("up")) {
            builder.redirectOutput(Files.createTempFile(directory, "up", ".out").toFile());
        }
        return builder.start();
    }
}
