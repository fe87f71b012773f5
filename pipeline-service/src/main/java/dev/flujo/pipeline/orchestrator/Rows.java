package dev.flujo.pipeline.orchestrator;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;

/** State as the stores keep it: JSON bytes. */
final class Rows {

    private final ObjectMapper mapper;

    Rows(ObjectMapper mapper) {
        this.mapper = mapper;
    }

    byte[] write(Object row) {
        try {
            return mapper.writeValueAsBytes(row);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Expected state that can be written, but " + e.getMessage(), e);
        }
    }

    <T> T read(byte[] bytes, Class<T> type) {
        try {
            return mapper.readValue(bytes, type);
        } catch (IOException e) {
            throw new IllegalStateException(
                    "Expected a " + type.getSimpleName() + " in the state store, but " + e.getMessage(), e);
        }
    }
}
