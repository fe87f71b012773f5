package dev.flujo.e2e;

import dev.flujo.stack.Await;
import dev.flujo.stack.Checkout;
import dev.flujo.stack.KafkaServer;
import dev.flujo.stack.LocalStack;
import dev.flujo.stack.Ports;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.stream.Stream;

/** A whole Flujo for all tests of this process that leave it as they found it; ended with the process. */
final class SharedStack {

    private static final Map<String, Map<String, String>> EXTRA =
            Map.of("build-runner", Map.of("FLUJO_RUNNER_SLOTS", "8"));
    private static final Object GUARD = new Object();
    private static SharedStack shared;

    private final Path directory;
    private final Ports ports = Ports.free();
    private final KafkaServer.Detour detour = new KafkaServer.Detour(Await.freePort(), Await.freePort());
    private final LocalStack stack;

    private SharedStack(Path directory) {
        this.directory = directory;
        this.stack = new LocalStack(Checkout.find(), directory.resolve("stack"), ports, EXTRA);
        this.stack.kafka().detour(detour);
    }

    static SharedStack get() {
        synchronized (GUARD) {
            if (shared == null) {
                SharedStack fresh = new SharedStack(temporary());
                Runtime.getRuntime().addShutdownHook(new Thread(fresh::end, "end-shared-stack"));
                fresh.stack.start(LocalStack.Progress.silent());
                shared = fresh;
            }
            return shared;
        }
    }

    LocalStack stack() {
        return stack;
    }

    /** The same stack, where one service has further variables in its environment when this starts it. */
    LocalStack with(String service, Map<String, String> environment) {
        return new LocalStack(Checkout.find(), stack.home(), ports, Map.of(service, environment));
    }

    /** A way to Kafka that can be made a bad one, for a service that is told of no other. */
    Detour detourToKafka() {
        return Detour.open(detour.before(), detour.behind());
    }

    /** A directory outside of the platform. */
    Path outside() {
        return directory;
    }

    private void end() {
        stack.stop(LocalStack.Progress.silent());
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path temporary() {
        try {
            return Files.createTempDirectory("flujo-shared-stack");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
