package dev.flujo.pipeline.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.flujo.event.AuditEvent.ActionRecorded;
import dev.flujo.event.Envelope;
import dev.flujo.event.Topic;
import dev.flujo.pipeline.PipelineServers;
import dev.flujo.stack.TestClient;
import dev.flujo.stack.TestLog;
import dev.flujo.stack.TestServers;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What people ask of environments is recorded before it is passed on, and never what a secret is set to. */
@QuarkusTest
@QuarkusTestResource(PipelineServers.class)
class PassOnIT {

    @TestHTTPResource
    URI base;

    @Test
    void recordsWhatIsAskedAndOfWhatAndNoValue() {
        String environment = "/api/v1/environments/shop-" + UUID.randomUUID() + "/production";
        String secret = environment + "/secrets/DB_PASSWORD";
        TestClient client =
                TestClient.anonymous(base).with(PipelineServers.ADMIN).awaitReady();
        try (TestLog log = new TestLog(TestServers.shared().kafka().bootstrapServers())) {
            assertEquals(503, ask(client, "PUT", secret, "{\"value\": \"correct horse\"}"));
            assertEquals(503, ask(client, "POST", secret + "/confirmed", "{\"version\": 1}"));
            assertEquals(503, ask(client, "DELETE", secret, ""));
            assertEquals(503, ask(client, "PUT", environment + "/rules", "{}"));
            assertEquals(503, ask(client, "DELETE", environment, ""));
            assertEquals(503, ask(client, "POST", "/api/v1/incidents", "{\"project\": \"" + environment + "\"}"));

            List<Envelope> events = log.events(Topic.AUDIT);
            Set<String> recorded = events.stream()
                    .map(envelope -> (ActionRecorded) envelope.event())
                    .filter(each -> each.target().startsWith(environment))
                    .map(each -> each.action() + " " + each.target().substring(environment.length()))
                    .collect(Collectors.toSet());
            assertEquals(
                    Set.of(
                            "environment.secrets /secrets/DB_PASSWORD",
                            "environment.secrets /secrets/DB_PASSWORD/confirmed",
                            "environment.secrets.delete /secrets/DB_PASSWORD",
                            "environment.rules /rules",
                            "environment.delete "),
                    recorded);
            assertTrue(events.stream()
                    .anyMatch(envelope ->
                            ((ActionRecorded) envelope.event()).action().equals("incident")));
            assertFalse(events.toString().contains("correct horse"));
        }
    }

    private static int ask(TestClient client, String method, String path, String body) {
        return client.send(
                        method,
                        path,
                        body.isEmpty() ? Map.of() : Map.of("Content-Type", "application/json"),
                        body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
                .status();
    }
}
