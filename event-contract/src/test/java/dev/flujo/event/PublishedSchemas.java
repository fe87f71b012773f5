package dev.flujo.event;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;

/**
 * Derives the schema of a record from its components: what Flujo writes. Readers take more: further members are allowed,
 * because a newer minor version may add some.
 */
final class PublishedSchemas {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final Map<String, ObjectNode> definitions = new TreeMap<>();

    private PublishedSchemas() {}

    static JsonNode of(EventTypes.Entry type) {
        ObjectNode schema = JSON.objectNode()
                .put("$schema", "https://json-schema.org/draft/2020-12/schema")
                .put("$id", EventTypes.SCHEMAS + type.schemaName() + ".json")
                .put("title", (type.custom() ? "The content of " : "What Flujo adds to ") + type.fullName());
        PublishedSchemas schemas = new PublishedSchemas();
        ObjectNode record = schemas.object(type.record());
        schema.setAll(type.custom() ? record : inCustomData(record));
        if (!schemas.definitions.isEmpty()) {
            ObjectNode definitions = schema.putObject("$defs");
            schemas.definitions.forEach(definitions::set);
        }
        return schema;
    }

    /** An event of CDEvents' own type carries the record as custom data; its schema is that of the whole event. */
    private static ObjectNode inCustomData(ObjectNode record) {
        ObjectNode event = JSON.objectNode().put("type", "object");
        event.putObject("properties").set("customData", record);
        event.putArray("required").add("customData");
        return event;
    }

    private ObjectNode object(Class<?> record) {
        ObjectNode schema = JSON.objectNode().put("type", "object");
        ObjectNode properties = schema.putObject("properties");
        ArrayNode required = JSON.arrayNode();
        for (RecordComponent component : record.getRecordComponents()) {
            properties.set(component.getName(), of(component.getGenericType()));
            if (component.getType() != Optional.class && !PlanDefaults.TYPES.contains(component.getType())) {
                required.add(component.getName());
            }
        }
        if (!required.isEmpty()) {
            schema.set("required", required);
        }
        return schema;
    }

    private ObjectNode of(Type type) {
        if (type instanceof ParameterizedType generic) {
            return of((Class<?>) generic.getRawType(), generic.getActualTypeArguments());
        }
        Class<?> plain = (Class<?>) type;
        if (plain == String.class) return kind("string");
        if (plain == int.class || plain == Integer.class || plain == long.class) return kind("integer");
        if (plain == boolean.class || plain == Boolean.class) return kind("boolean");
        if (plain == UUID.class) return kind("string").put("format", "uuid");
        if (plain == Instant.class) return kind("string").put("format", "date-time");
        if (plain == Duration.class) return kind("string").put("format", "duration");
        if (plain == Object.class) return JSON.objectNode();
        if (plain.isEnum()) return choice(plain);
        if (plain.isRecord()) return reference(plain);
        throw new AssertionError("no schema for " + type);
    }

    private ObjectNode of(Class<?> raw, Type[] arguments) {
        if (raw == Optional.class) return of(arguments[0]);
        if (raw == List.class) return kind("array").set("items", of(arguments[0]));
        if (raw == Map.class) return kind("object").set("additionalProperties", of(arguments[1]));
        throw new AssertionError("no schema for " + raw);
    }

    private ObjectNode reference(Class<?> record) {
        if (!definitions.containsKey(record.getSimpleName())) {
            definitions.put(record.getSimpleName(), JSON.objectNode());
            definitions.put(record.getSimpleName(), object(record));
        }
        return JSON.objectNode().put("$ref", "#/$defs/" + record.getSimpleName());
    }

    private static ObjectNode choice(Class<?> words) {
        ObjectNode schema = kind("string");
        ArrayNode names = schema.putArray("enum");
        for (Object word : words.getEnumConstants()) {
            names.add(((Enum<?>) word).name());
        }
        return schema;
    }

    private static ObjectNode kind(String name) {
        return JSON.objectNode().put("type", name);
    }
}
