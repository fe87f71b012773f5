package dev.flujo.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.flujo.stack.Await;
import dev.flujo.stack.Checkout;
import dev.flujo.stack.KafkaServer;
import dev.flujo.stack.LocalStack;
import dev.flujo.stack.Ports;
import dev.flujo.stack.S3Server;
import dev.flujo.stack.ServerProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * A whole Flujo for all tests of this process that leave it as they found it, its blobs in a store that speaks S3; ended with the
 * process.
 */
final class SharedStack {

    private static final Duration TO_STOP = Duration.ofSeconds(40);

    private static final Map<String, String> OF_RUNNERS = Map.of("FLUJO_RUNNER_SLOTS", "8");
    private static final Object GUARD = new Object();
    private static SharedStack shared;

    private final Path directory;
    private final Ports ports = Ports.free();
    private final KafkaServer.Detour detour = new KafkaServer.Detour(Await.freePort(), Await.freePort());
    private final S3Server blobs;
    private final LocalStack stack;

    /** Printed by a job before all tests; nobody finds it after them. */
    private final String secret = "canary+" + UUID.randomUUID() + "/?";

    private SharedStack(Path directory) {
        this.directory = directory;
        Path home = directory.resolve("stack");
        this.blobs = new S3Server(
                Checkout.find(),
                directory.resolve("s3"),
                Await.freePort(),
                new ServerProcess("s3", directory.resolve("s3/run"), home.resolve("logs")));
        this.stack = new LocalStack(Checkout.find(), home, ports, extra(Map.of()));
        this.stack.kafka().detour(detour);
    }

    static SharedStack get() {
        synchronized (GUARD) {
            if (shared == null) {
                SharedStack fresh = new SharedStack(temporary());
                Runtime.getRuntime().addShutdownHook(new Thread(fresh::end, "end-shared-stack"));
                fresh.blobs.start();
                fresh.stack.start(LocalStack.Progress.silent());
                fresh.blobs.awaitReady();
                shared = fresh;
                Canary.print(fresh.secret, fresh.stack);
            }
            return shared;
        }
    }

    /** Looks for a job's secret and the platform's own, when the tests have used the stack in every way that they know. */
    static void expectNoSecrets() throws IOException {
        synchronized (GUARD) {
            if (shared != null) {
                assertEquals(List.of(), shared.secretsFound(), "secrets that were found after all tests");
            }
        }
    }

    private List<String> secretsFound() throws IOException {
        List<String> secrets = new ArrayList<>(List.of(secret));
        try (Stream<Path> files = Files.list(stack.home().resolve("secrets"))) {
            for (Path file : files.toList()) {
                // Keys have lines that are no secret.
                Files.readAllLines(file).stream()
                        .filter(line -> !line.isBlank() && !line.startsWith("-----"))
                        .forEach(secrets::add);
            }
        }
        assertTrue(secrets.size() > 4, "secrets of the stack");
        return new Canary(secrets).foundIn(stack, placesOfFiles());
    }

    /** The blobs, and the logs of services beside those of the stack. */
    private List<Path> placesOfFiles() throws IOException {
        List<Path> places = new ArrayList<>(List.of(blobs()));
        try (Stream<Path> beside = Files.list(directory)) {
            beside.map(place -> place.resolve("logs"))
                    .filter(Files::isDirectory)
                    .forEach(places::add);
        }
        return places;
    }

    LocalStack stack() {
        return stack;
    }

    /** The same stack, where one service has further variables in its environment when this starts it. */
    LocalStack with(String service, Map<String, String> environment) {
        return new LocalStack(Checkout.find(), stack.home(), ports, extra(Map.of(service, environment)));
    }

    /** Has a service end, and one of these begin in its place. */
    void replace(String service, LocalStack by) {
        stack.service(service).process().stop(TO_STOP);
        by.service(service).start();
        by.service(service).awaitReady();
    }

    /** What a service has in its environment so that it finds the blobs of this stack. */
    Map<String, String> toFindBlobs() {
        return Map.of(
                "FLUJO_BLOBS_S3_BUCKET", S3Server.BUCKET,
                "FLUJO_BLOBS_S3_ENDPOINT", blobs.endpoint().toString(),
                "FLUJO_BLOBS_S3_ACCESS_KEY_FILE", blobs.accessKey().toString(),
                "FLUJO_BLOBS_S3_SECRET_KEY_FILE", blobs.secretKey().toString());
    }

    /** Where the blobs of this stack lie. */
    Path blobs() {
        return blobs.objects();
    }

    private Map<String, Map<String, String>> extra(Map<String, Map<String, String>> more) {
        Map<String, Map<String, String>> all = new HashMap<>();
        for (String service : LocalStack.SERVICES) {
            Map<String, String> environment = new HashMap<>(toFindBlobs());
            if (service.equals("build-runner")) {
                environment.putAll(OF_RUNNERS);
            }
            environment.putAll(more.getOrDefault(service, Map.of()));
            all.put(service, environment);
        }
        return all;
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
        blobs.discard();
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
