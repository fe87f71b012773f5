package dev.flujo.runner.report;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/** JSON as a job wrote it: only what Flujo uses of it is held in memory, and nothing lies too deep. */
final class ReportJson {

    private static final long MOST_BYTES = 32L * 1024 * 1024;
    private static final int DEEPEST = 100;
    private static final ObjectMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(DEEPEST)
                            .build())
                    .build())
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private ReportJson() {}

    /**
     * Reads a file as a record that has those members of it that count.
     *
     * @param what the kind of report, for the message
     * @throws IOException if it is no such report; the message says what is wrong with it
     */
    static <T> T read(Path file, String what, Class<T> record) throws IOException {
        if (Files.size(file) > MOST_BYTES) {
            throw new IOException("Expected a report of at most " + MOST_BYTES + " bytes, but " + file.getFileName()
                    + " has " + Files.size(file));
        }
        try {
            T read = MAPPER.readValue(file.toFile(), record);
            if (read == null) {
                throw wrong(file, what, "it is null");
            }
            return read;
        } catch (JsonProcessingException e) {
            throw wrong(file, what, e.getOriginalMessage().lines().findFirst().orElse("it is no JSON"));
        }
    }

    /** Says in one sentence that a file is no such report. */
    static IOException wrong(Path file, String what, String why) {
        return new IOException("Expected " + what + " in " + file.getFileName() + ", but " + why);
    }

    /** A list as it may be written: with nothing in some places, or not at all. */
    static <T> List<T> list(List<T> written) {
        return written == null
                ? List.of()
                : written.stream().filter(Objects::nonNull).toList();
    }

    /** A text as it may be written, also not at all. */
    static String text(String written) {
        return written == null ? "" : written;
    }
}
