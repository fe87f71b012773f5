package dev.flujo.e2e;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;

/** The web shop's git repository in the runner's container, and the two ways in which others tell Flujo of its pushes. */
final class Forge {

    static final String PROJECT = "web-shop";
    static final String REPOSITORY = "file:///repositories/web-shop.git";

    private static final String RUNNER = "build-runner";

    private final Compose stack;

    private Forge(Compose stack) {
        this.stack = stack;
    }

    /** Makes the repository from the example of this checkout, with JUnit beside it, since nothing is downloaded. */
    static Forge create(Compose stack, Path junit) {
        stack.shell(
                RUNNER,
                "mkdir /repositories/work && cd /repositories/work && jar --extract"
                        + " && git init -q --bare -b main /repositories/web-shop.git && git init -q -b main"
                        + " && git remote add origin " + REPOSITORY,
                zip(Machine.checkout().resolve("examples/web-shop/src"), junit));
        return new Forge(stack);
    }

    /** Commits what the script changes, pushes it, and gives the commit's id. */
    String push(String message, String script) {
        return stack.shell(
                RUNNER,
                "cd /repositories/work && " + script + " && git add --all && git -c user.name=Ada"
                        + " -c user.email=ada@shop.example commit -q -m '" + message + "' && git push -q origin main"
                        + " && git rev-parse HEAD");
    }

    /** Delivers the push as GitHub does, signed over its raw bytes. */
    void deliverWebhook(String commit) {
        String push = "{\"ref\":\"refs/heads/main\",\"after\":\"%s\",\"repository\":{\"clone_url\":\"%s\"}}"
                .formatted(commit, REPOSITORY);
        HttpRequest request = HttpRequest.newBuilder(URI.create(stack.url() + "/api/v1/webhooks/github/" + PROJECT))
                .header("Content-Type", "application/json")
                .header("X-GitHub-Event", "push")
                .header("X-GitHub-Delivery", UUID.randomUUID().toString())
                .header("X-Hub-Signature-256", "sha256=" + signature(push))
                .POST(HttpRequest.BodyPublishers.ofString(push))
                .build();
        try {
            HttpResponse<String> answer =
                    HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() != 202) {
                throw new AssertionError("Expected the push to be accepted, but it was answered " + answer.statusCode()
                        + ": " + answer.body());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Writes the push to {@code flujo.commits}, with nothing but a Kafka client and CDEvents' own words. */
    void produceEvent(String commit) {
        Instant now = Instant.now();
        String id = UUID.randomUUID().toString();
        String type = "dev.cdevents.change.merged.0.3.0";
        String event = "{\"context\":{\"specversion\":\"0.5.1\",\"id\":\"%s\",\"source\":\"/forge\",\"type\":\"%s\","
                        .formatted(id, type)
                + "\"timestamp\":\"%s\"},\"subject\":{\"id\":\"%s\",\"content\":{\"repository\":{\"id\":\"%s\"}}},"
                        .formatted(now, commit, PROJECT)
                + "\"customData\":{\"project\":\"%s\",\"branch\":\"main\",\"commit\":\"%s\",\"by\":\"forge\","
                        .formatted(PROJECT, commit)
                + "\"receivedAt\":\"%s\"}}".formatted(now);
        ProducerRecord<String, String> push = new ProducerRecord<>("flujo.commits", PROJECT, event);
        Map.of(
                        "content-type",
                        "application/json",
                        "ce_specversion",
                        "1.0",
                        "ce_id",
                        id,
                        "ce_source",
                        "/forge",
                        "ce_type",
                        type,
                        "ce_subject",
                        commit,
                        "ce_time",
                        now.toString())
                .forEach((name, value) -> push.headers().add(name, value.getBytes(StandardCharsets.UTF_8)));
        Properties properties = new Properties();
        properties.put("bootstrap.servers", stack.bootstrapServers());
        try (KafkaProducer<String, String> producer =
                new KafkaProducer<>(properties, new StringSerializer(), new StringSerializer())) {
            producer.send(push).get();
        } catch (ExecutionException e) {
            throw new AssertionError("Expected Kafka to accept a commit event, but " + e.getCause(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private String signature(String body) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(
                    stack.secret("webhook-secret").getBytes(StandardCharsets.UTF_8), mac.getAlgorithm()));
            return HexFormat.of().formatHex(mac.doFinal(body.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new AssertionError("every Java platform has HmacSHA256", e);
        }
    }

    private static byte[] zip(Path sources, Path junit) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes);
                Stream<Path> files = Files.walk(sources)) {
            List<Path> all = files.filter(Files::isRegularFile).sorted().toList();
            for (Path file : all) {
                zip.putNextEntry(
                        new ZipEntry(sources.getParent().relativize(file).toString()));
                Files.copy(file, zip);
            }
            zip.putNextEntry(new ZipEntry("lib/junit.jar"));
            Files.copy(junit, zip);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }
}
