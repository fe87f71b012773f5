package dev.flujo.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.flujo.e2e.Canary;
import dev.flujo.e2e.Workplace;
import dev.flujo.stack.Await;
import dev.flujo.stack.Checkout;
import dev.flujo.stack.LocalStack;
import dev.flujo.stack.Ports;
import dev.flujo.stack.ServiceMember;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.opentest4j.TestAbortedException;

/**
 * The cases of e2e/scenarios on the whole stack, many at once: all with the dummy executor in the place of real commands, then
 * some of them as processes, in containers and in pods, beside each other.
 */
@Execution(ExecutionMode.CONCURRENT)
class ScenariosIT {

    private static final int AT_ONCE = 12;
    private static final int AT_ONCE_FOR_REAL = 6;
    private static final Duration TO_END = Duration.ofSeconds(40);
    private static final Map<String, Map<String, String>> EXTRA = Map.of(
            "build-runner",
            Map.of("FLUJO_RUNNER_EXECUTOR", "dummy", "FLUJO_RUNNER_SLOTS", "64", "FLUJO_RUNNER_STOP_PATIENCE", "1s"));

    /** Those that scenarios name, and print. */
    private static final Map<String, String> SECRETS =
            Map.of("TOKEN", "token+" + UUID.randomUUID() + "/?", "OTHER", "other+" + UUID.randomUUID() + "/?");

    @TempDir
    private static Path directory;

    private static LocalStack stack;
    private static Stage stage;

    @BeforeAll
    static void up() {
        stack = new LocalStack(Checkout.find(), directory.resolve("stack"), Ports.free(), EXTRA);
        stack.start(LocalStack.Progress.silent());
        stage = new Stage(stack.url(), stack.adminToken(), stack.ports().of(Ports.KAFKA));
    }

    @AfterAll
    static void down() throws IOException {
        try {
            stage.close();
            List<Path> kept = new ArrayList<>(List.of(stack.home().resolve("blobs")));
            Stream.of(Executor.values())
                    .forEach(executor -> kept.add(home(executor).resolve("logs")));
            assertEquals(List.of(), new Canary(SECRETS.values()).foundIn(stack, kept));
        } finally {
            stack.stop(LocalStack.Progress.silent());
        }
    }

    @TestFactory
    Stream<DynamicContainer> goAsExpected() throws InterruptedException, ExecutionException {
        List<DynamicContainer> all = new ArrayList<>();
        all.add(DynamicContainer.dynamicContainer(
                "dummy", players("dummy", AT_ONCE).play(Scenario.all())));
        ExecutorService threads = Executors.newFixedThreadPool(Executor.values().length);
        try {
            List<Future<DynamicContainer>> playing = new ArrayList<>();
            for (Executor executor : Executor.values()) {
                playing.add(threads.submit(() -> playedBy(executor)));
            }
            for (Future<DynamicContainer> played : playing) {
                all.add(played.get());
            }
            return all.stream();
        } finally {
            threads.shutdownNow();
        }
    }

    /** Says why, where this machine has not what it executes with. */
    private static DynamicContainer playedBy(Executor executor) throws InterruptedException {
        List<Scenario> scenarios = executor.scenarios();
        Path runnerDirectory = home(executor).resolve("build-runner");
        try (Workplace place = executor.open(runnerDirectory)) {
            assertTrue(scenarios.size() >= Executor.LEAST, () -> "only " + scenarios.size());
            Map<String, String> environment = new HashMap<>(place.environment());
            environment.put("FLUJO_RUNNER_POOL", executor.pool());
            environment.put("FLUJO_RUNNER_SLOTS", "8");
            ServiceMember runner = stack.replica("build-runner", home(executor), Await.freePort(), environment);
            runner.start();
            try {
                runner.awaitReady();
                return DynamicContainer.dynamicContainer(
                        executor.pool(),
                        players(executor.pool(), AT_ONCE_FOR_REAL).play(scenarios));
            } finally {
                runner.process().stop(TO_END);
            }
        } catch (TestAbortedException | AssertionError e) {
            return DynamicContainer.dynamicContainer(executor.pool(), List.of(DynamicTest.dynamicTest("is here", () -> {
                throw e;
            })));
        }
    }

    private static Path home(Executor executor) {
        return directory.resolve(executor.pool());
    }

    private static Players players(String name, int atOnce) {
        return new Players(
                stage, name, atOnce, project -> putSecrets(stack.jobSecrets().resolve(project)));
    }

    private static void putSecrets(Path directory) {
        try {
            Files.createDirectories(directory);
            for (Map.Entry<String, String> secret : SECRETS.entrySet()) {
                Files.writeString(directory.resolve(secret.getKey()), secret.getValue());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
