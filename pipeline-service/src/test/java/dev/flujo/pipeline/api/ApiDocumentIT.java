package dev.flujo.pipeline.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.flujo.pipeline.PipelineServers;
import dev.flujo.stack.TestClient;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The API's document as the service serves it: whoever changes the API shows the change in the committed copy. */
@QuarkusTest
@QuarkusTestResource(PipelineServers.class)
class ApiDocumentIT {

    private static final Path COMMITTED = Path.of("..", "docs", "openapi.yaml");
    private static final Pattern PARAMETER = Pattern.compile("\\{([a-z]+)\\}");

    @TestHTTPResource
    URI base;

    private TestClient client;

    @BeforeEach
    void begin() {
        client = TestClient.anonymous(base).with(PipelineServers.ADMIN);
    }

    /** Run with {@code -Dflujo.approve=true} to write the file anew for review. */
    @Test
    void isWhatTheCommittedFileSays() throws IOException {
        String served = client.get("/q/openapi").body();
        if (Boolean.getBoolean("flujo.approve")) {
            Files.writeString(COMMITTED, served);
        }

        assertEquals(Files.exists(COMMITTED) ? Files.readString(COMMITTED) : "", served, "docs/openapi.yaml differs");
    }

    @Test
    void everyOperationHasASummaryItsParametersAndAProblem() {
        JsonNode paths = client.get("/q/openapi?format=json").json().path("paths");

        paths.properties().forEach(path -> path.getValue().properties().forEach(operation -> {
            JsonNode says = operation.getValue();
            String name = operation.getKey() + " " + path.getKey();
            assertTrue(says.path("summary").asText().length() > 5, name);
            assertTrue(
                    says.at("/responses/default/content/application~1problem+json")
                            .isObject(),
                    name);
            Set<String> declared = new HashSet<>();
            says.path("parameters").forEach(parameter -> {
                if (parameter.path("in").asText().equals("path")) {
                    declared.add(parameter.path("name").asText());
                }
            });
            Set<String> named = new HashSet<>();
            Matcher matcher = PARAMETER.matcher(path.getKey());
            while (matcher.find()) {
                named.add(matcher.group(1));
            }
            assertEquals(named, declared, name);
        }));
    }
}
