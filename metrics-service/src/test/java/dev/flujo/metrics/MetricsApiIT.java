package dev.flujo.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.flujo.stack.TestClient;
import dev.flujo.stack.TestClient.Answer;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The whole service, because who may ask what is decided by the framework's filters. */
@QuarkusTest
@QuarkusTestResource(MetricsServers.class)
class MetricsApiIT {

    @TestHTTPResource
    URI base;

    private TestClient client;

    @BeforeEach
    void begin() {
        client = TestClient.anonymous(base).with(MetricsServers.TOKEN);
    }

    @Test
    void answersNothingButHealthWithoutTheInternalToken() {
        TestClient anonymous = TestClient.anonymous(base);
        for (String path : List.of(
                "/api/v1/metrics/dora?project=shop",
                "/api/v1/metrics/time-to-market?project=shop",
                "/api/v1/metrics/runs/9d0f0f3e-5c3a-5b44-9f4e-0d9d2f9b6a01",
                "/api/v1/metrics/rebuild",
                "/q/metrics",
                "/q/openapi")) {
            assertEquals(401, anonymous.get(path).status(), path);
            assertEquals(401, anonymous.with("guessed").get(path).status(), path);
        }
        assertEquals(401, anonymous.post("/api/v1/metrics/rebuild", "").status());
        assertEquals(404, anonymous.get("/api/v1/metrics/dora;x?project=shop").status(), "a path has one spelling");
        assertEquals(200, anonymous.get("/q/health/live").status());
        assertEquals(200, client.get("/q/metrics").status());
        assertEquals(200, client.get("/q/openapi").status());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "dora | 'project'",
                "dora?project= | 1 to 200",
                "dora?project=a&project=b | once",
                "dora?project=shop&dayz=3 | only the parameters project, pipeline, environment, days, until",
                "dora?project=shop&days=0 | 1 to 366",
                "dora?project=shop&days=367 | 1 to 366",
                "dora?project=shop&days=many | 1 to 366",
                "dora?project=shop&until=yesterday | a date",
                "dora?project=shop&until=9999-01-01 | a date",
                "dora?project=%00 | printable",
                "dora/events?project=shop&pipeline=main&environment=prod&key=speed | deploymentFrequency",
                "time-to-market?project=shop&environment=prod | only the parameters project, pipeline, days, until",
                "runs/7 | UUID",
                "runs/9d0f0f3e-5c3a-5b44-9f4e-0d9d2f9b6a01?x=1 | found 'x'",
            })
    void refusesParametersThatItDoesNotKnowWithWhatItExpected(String path, String expected) {
        Answer answer = client.get("/api/v1/metrics/" + path.strip());

        assertEquals(400, answer.status(), answer.body());
        assertTrue(answer.isProblem(), answer.body());
        assertTrue(answer.json().path("detail").asText().contains(expected.strip()), answer.body());
    }

    @Test
    void saysThatARunIsUnknown() {
        Answer answer = client.get("/api/v1/metrics/runs/9d0f0f3e-5c3a-5b44-9f4e-0d9d2f9b6a99");

        assertEquals(404, answer.status());
        assertTrue(answer.body().contains("no event of run"));
    }

    @Test
    void saysWhyThereIsNoNumber() {
        JsonNode nothing = json("/api/v1/metrics/dora?project=nowhere");
        JsonNode keys = json("/api/v1/metrics/dora?project=nowhere&pipeline=main&environment=prod")
                .at("/environments/0/keys");

        assertEquals(0, nothing.path("environments").size());
        assertTrue(nothing.path("reason").isTextual());
        assertEquals(5, keys.size());
        keys.forEach(key -> {
            assertTrue(key.path("value").isNull());
            assertTrue(key.path("reason").isTextual());
            assertTrue(key.path("definition").isTextual());
        });
        assertTrue(json("/api/v1/metrics/time-to-market?project=nowhere")
                .path("reason")
                .isTextual());
    }

    private JsonNode json(String path) {
        return client.get(path).json();
    }
}
