package dev.flujo.pipeline.messaging;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import dev.flujo.event.SignalEvent.RecordReceived;
import dev.flujo.kit.event.EventRecords;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Reads records of topics that are not Flujo's own, in which there can be anything. */
final class ForeignRecords {

    /** How large a record may be that starts a run, with key and headers. */
    static final int MOST_BYTES = 256 * 1024;

    private static final ObjectReader JSON =
            new ObjectMapper().readerFor(Object.class).with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private ForeignRecords() {}

    /** A record that can start nothing. */
    static final class Refused extends Exception {

        private static final long serialVersionUID = 1L;

        Refused(String message) {
            super(message);
        }
    }

    /**
     * What the record says to this project.
     *
     * @throws Refused if it is too large, or no text
     */
    static RecordReceived read(String project, ConsumerRecord<byte[], byte[]> record) throws Refused {
        long bytes = (long) Math.max(0, record.serializedKeySize()) + Math.max(0, record.serializedValueSize());
        for (var header : record.headers()) {
            bytes += header.key().length() + (header.value() == null ? 0 : header.value().length);
        }
        if (bytes > MOST_BYTES) {
            throw new Refused("Expected a record of at most " + MOST_BYTES + " bytes with key and headers, but it has "
                    + bytes + "; send a reference to what is large");
        }
        Map<String, String> headers = EventRecords.headers(record.headers());
        return new RecordReceived(
                project,
                record.topic(),
                record.partition(),
                record.offset(),
                record.key() == null ? Optional.empty() : Optional.of(text("key", record.key())),
                headers,
                record.value() == null ? Optional.empty() : payload(text("value", record.value())),
                Instant.ofEpochMilli(Math.max(0, record.timestamp())));
    }

    private static Optional<Object> payload(String text) {
        try {
            return text.isBlank() ? Optional.empty() : Optional.ofNullable(JSON.readValue(text));
        } catch (JsonProcessingException e) {
            return Optional.of(text);
        }
    }

    private static String text(String what, byte[] bytes) throws Refused {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new Refused("Expected a record with a " + what + " in UTF-8, but it is no text");
        }
    }
}
