package dev.flujo.kit.event;

import dev.flujo.event.EncodedEvent;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.utils.Utils;

/** Events as Kafka's client sees them. */
public final class EventRecords {

    /** The header of a dead letter that says why the record could not be read. */
    public static final String REASON_HEADER = "flujo-reason";

    private EventRecords() {}

    /** The headers of a record as text; of a repeated one the last counts. */
    public static Map<String, String> headers(Headers headers) {
        Map<String, String> texts = new HashMap<>();
        for (Header header : headers) {
            if (header.value() != null) {
                texts.put(header.key(), new String(header.value(), StandardCharsets.UTF_8));
            }
        }
        return texts;
    }

    /** The headers of an encoded event. */
    public static Headers headers(EncodedEvent encoded) {
        RecordHeaders headers = new RecordHeaders();
        encoded.headers().forEach((name, value) -> headers.add(name, value.getBytes(StandardCharsets.UTF_8)));
        return headers;
    }

    /** The partition, of so many, in which everything of a project lies on every topic that is ordered by project. */
    public static int partitionOfProject(String project, int partitions) {
        byte[] key = project.getBytes(StandardCharsets.UTF_8);
        return Utils.toPositive(Utils.murmur2(key)) % partitions;
    }
}
