package dev.flujo.event;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Compares JSON with its committed file; run with {@code -Dflujo.approve=true} to write the files anew for review. */
final class ApprovedFile {

    private static final ObjectWriter PRETTY = new ObjectMapper()
            .writer(new DefaultPrettyPrinter()
                    .withObjectIndenter(new DefaultIndenter("  ", "\n"))
                    .withArrayIndenter(new DefaultIndenter("  ", "\n")));

    private ApprovedFile() {}

    static void check(Path file, JsonNode actual) {
        try {
            String text = PRETTY.writeValueAsString(actual) + "\n";
            if (Boolean.getBoolean("flujo.approve")) {
                Files.createDirectories(file.getParent());
                Files.writeString(file, text);
            }
            String approved = Files.exists(file) ? Files.readString(file) : "";
            assertEquals(approved, text, () -> file + " differs; if that is meant, it needs a new version of the type");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
