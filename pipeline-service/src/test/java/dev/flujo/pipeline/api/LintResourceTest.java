package dev.flujo.pipeline.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.flujo.kit.problem.Problem;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LintResourceTest {

    private final LintResource lint = new LintResource(new KnownTemplates(null));

    @Test
    void saysEveryErrorWithItsPlaceAndWhatWasMeant() {
        LintView view = lint.lintFile("pipeline", file("name: shop\njobs: {build: {stepz: [make]}}\n"));

        assertEquals(
                new LintView(
                        false,
                        List.of(new PlanProblemView(
                                2,
                                16,
                                "/jobs/build/stepz",
                                "Expected a key of a job, but `stepz` is unknown; correct or remove it.",
                                Optional.of("steps")))),
                view);
    }

    @Test
    void checksAFileWithItsTemplates() {
        LintBody body = new LintBody(
                "name: shop\njobs: {build: {uses: ./ci/java.yml}}\n",
                Map.of("./ci/java.yml", "name: java\njobs: {compile: {steps: [make]}}\n"));

        assertTrue(lint.lintJson("pipeline", body).valid());
    }

    @Test
    void checksTemplatesOnTheirOwn() {
        assertTrue(
                lint.lintFile("template", file("name: java\nsteps: [make]\n")).valid());
    }

    @Test
    void refusesKindsThatThereAreNot() {
        assertThrows(Problem.class, () -> lint.lintFile("workflow", file("name: shop\n")));
    }

    @Test
    void givesTheSchemasOfBothKindsOfFile() throws IOException {
        for (String kind : List.of("pipeline", "template")) {
            try (InputStream schema = new SchemaResource().read(kind)) {
                assertEquals(
                        "https://json-schema.org/draft/2020-12/schema",
                        new ObjectMapper().readTree(schema).path("$schema").asText());
            }
        }
    }

    private static InputStream file(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }
}
