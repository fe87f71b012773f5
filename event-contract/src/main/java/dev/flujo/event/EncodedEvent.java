package dev.flujo.event;

import java.util.Map;

/** An event as a Kafka record carries it: key, headers in UTF-8, and the value's bytes. */
// The bytes go straight to a producer; nobody compares or changes them.
@SuppressWarnings("ArrayRecordComponent")
public record EncodedEvent(String key, Map<String, String> headers, byte[] value) {

    public EncodedEvent {
        headers = Ordered.copy(headers);
    }
}
