package dev.flujo.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.flujo.e2e.Machine;
import dev.flujo.stack.LocalStack;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;

/** What docker-compose.yml names must be what the POMs and the services have; whether it works is for ComposeIT. */
class ComposeFileTest {

    private static final JsonNode SERVICES = services();

    @Test
    void serversHaveTheVersionsThatTestsRunAgainst() {
        assertEquals("${FLUJO_KAFKA_IMAGE:-apache/kafka:" + Versions.kafka() + "}", image("kafka"));
        String series = Versions.cassandra().replaceFirst("\\.[0-9]+$", "");
        assertEquals("${FLUJO_CASSANDRA_IMAGE:-cassandra:" + series + "}", image("cassandra"));
        assertEquals("4.2.1", Versions.kafka(), "the broker, see decision 28");
    }

    @Test
    void servicesHaveTheVersionOfThisCheckout() {
        for (String service : LocalStack.SERVICES) {
            assertEquals(
                    "${FLUJO_IMAGE_PREFIX:-flujo/}" + service + ":${FLUJO_VERSION:-" + Versions.project() + "}",
                    image(service));
        }
    }

    @Test
    void everyVariableIsOneThatItsServiceReads() {
        for (String service : LocalStack.SERVICES) {
            Set<String> set = new TreeSet<>();
            SERVICES.path(service).path("environment").fieldNames().forEachRemaining(set::add);
            assertTrue(set.contains("KAFKA_BOOTSTRAP_SERVERS"), service);
            set.removeAll(Settings.variables(service));
            assertEquals(Set.of(), set, "variables that " + service + " does not read");
        }
    }

    private static String image(String service) {
        return SERVICES.path(service).path("image").asText();
    }

    /** Read as Compose does it, with merge keys resolved. */
    private static JsonNode services() {
        try (Reader file = Files.newBufferedReader(Machine.checkout().resolve("docker-compose.yml"))) {
            return new ObjectMapper()
                    .<JsonNode>valueToTree(new Yaml().load(file))
                    .path("services");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
