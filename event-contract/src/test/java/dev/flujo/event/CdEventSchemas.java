package dev.flujo.event;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The published schemas of CDEvents 0.5.1, formats asserted, read from the test resources without any network. */
final class CdEventSchemas {

    static final Path DIRECTORY = Path.of("src/test/resources/cdevents-0.5.1");

    private static final ObjectMapper JSON = new ObjectMapper();

    private final SchemaRegistry registry;

    CdEventSchemas() {
        Map<String, String> byId = new HashMap<>();
        for (String folder : List.of("schemas", "schemas/links", "custom")) {
            files(DIRECTORY.resolve(folder)).forEach(file -> {
                JsonNode schema = read(file);
                if (schema.has("$id")) {
                    byId.put(schema.get("$id").asText(), schema.toString());
                }
            });
        }
        registry =
                SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12, builder -> builder.schemas(byId));
    }

    /** What is wrong with this event by the schema of its type; custom events have one for all. */
    List<String> problems(JsonNode event) {
        String type = event.path("context").path("type").asText();
        String[] parts = type.split("\\.", -1);
        Path file = type.startsWith("dev.cdeventsx.")
                ? DIRECTORY.resolve("custom/schema.json")
                : DIRECTORY.resolve("schemas/" + parts[2] + parts[3] + ".json");
        return problems(registry.getSchema(read(file)), event);
    }

    /** What is wrong with a value by a schema that stands alone. */
    static List<String> problems(JsonNode schema, JsonNode value) {
        return problems(
                SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                        .getSchema(schema),
                value);
    }

    private static List<String> problems(Schema schema, JsonNode value) {
        List<Error> errors = schema.validate(
                value, execution -> execution.executionConfig(config -> config.formatAssertionsEnabled(true)));
        return errors.stream().map(Error::toString).toList();
    }

    static List<Path> examples() {
        return files(DIRECTORY.resolve("conformance")).toList();
    }

    static JsonNode read(Path file) {
        try {
            return JSON.readTree(file.toFile());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Stream<Path> files(Path directory) {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.toString().endsWith(".json")).sorted().toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
