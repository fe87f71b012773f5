package dev.flujo.pipeline.webhook;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.flujo.event.CommitEvent;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;

/** Deliveries as the forges document them, and what is heard of them in the project {@code shop}. */
final class Payloads {

    static final Instant NOW = Instant.parse("2026-11-24T10:00:00Z");

    /** The commit that all of them are about. */
    static final String COMMIT = "aaaaaaaa" + "0".repeat(32);

    /** The newest commit of the base branch. */
    static final String BASE = "dddddddd" + "0".repeat(32);

    private static final long MOST = 1_000_000;

    private Payloads() {}

    /** The body that a file holds, such as {@code github/push}. */
    static String body(String file) {
        try (InputStream in = Payloads.class.getResourceAsStream(file + ".json")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Heard hear(String forge, String event, String body) {
        WebhookFormat format = WebhookFormats.of(forge).orElseThrow();
        Scene scene = new Scene("shop", NOW, commit -> commit + COMMIT.substring(commit.length()));
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        try (Delivery delivery = Delivery.read(new ByteArrayInputStream(bytes), MOST, BodyCheck.done())) {
            WantedFields wanted = format.wanted(event).orElseThrow();
            return format.hear(event, Payload.read(delivery, new ObjectMapper(), wanted), scene);
        }
    }

    static Heard hearFile(String forge, String event, String file) {
        return hear(forge, event, body(file));
    }

    static List<CommitEvent> events(String forge, String event, String file) {
        return ((Heard.Happened) hearFile(forge, event, file)).events();
    }
}
