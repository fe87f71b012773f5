package dev.flujo.runner.checkout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.flujo.event.Attempt;
import dev.flujo.event.Definitions;
import dev.flujo.event.Envelope;
import dev.flujo.event.EventCodec;
import dev.flujo.event.JobEvent.DefinitionsRead;
import dev.flujo.event.JobEvent.SourceFile;
import dev.flujo.event.JobEvent.UnreadFile;
import dev.flujo.event.Topic;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DefinitionFilesTest {

    private static final Attempt ATTEMPT = new Attempt(UUID.randomUUID(), Definitions.JOB, 1);

    @TempDir
    Path directory;

    private Path workspace;

    @BeforeEach
    void make() throws IOException {
        workspace = Files.createDirectories(directory.resolve("workspace"));
    }

    @Test
    void findsNothingWhereThereIsNothing() throws IOException {
        assertEquals(new DefinitionsRead("shop", ATTEMPT, List.of(), List.of()), read());
    }

    @Test
    void readsTheFilesThatDefinePipelinesAndNoOthers() throws IOException {
        write(".flujo.yml", "name: main\n");
        write(".flujo/docs.yml", "name: docs\n");
        write(".flujo/README.md", "no");
        write(".flujo/deep/more.yml", "no");
        write(".flujo/templates/java.yml", "name: java\n");
        write("other.yml", "no");

        assertEquals(
                List.of(
                        new SourceFile(".flujo.yml", "name: main\n"),
                        new SourceFile(".flujo/docs.yml", "name: docs\n"),
                        new SourceFile(".flujo/templates/java.yml", "name: java\n")),
                read().files());
        assertEquals(List.of(), read().unread());
    }

    @Test
    void followsNoLinkToAFile() throws IOException {
        Path secret = Files.writeString(directory.resolve("secret"), "secret");
        Files.createSymbolicLink(workspace.resolve(".flujo.yml"), secret);

        assertEquals(List.of(), read().files());
        assertEquals(
                List.of(new UnreadFile(
                        ".flujo.yml", "Expected a regular file, but it is a link; put the text there itself")),
                read().unread());
    }

    @Test
    void followsNoLinkToADirectory() throws IOException {
        Path outside = Files.createDirectories(directory.resolve("outside/templates"));
        Files.writeString(outside.resolve("a.yml"), "secret");
        Files.writeString(outside.resolveSibling("b.yml"), "secret");
        Files.createSymbolicLink(workspace.resolve(".flujo"), outside.getParent());

        assertEquals(List.of(), read().files());
        assertEquals(
                List.of(new UnreadFile(
                        ".flujo", "Expected a directory, but it is a link; put the files there themselves")),
                read().unread());
    }

    @Test
    void readsNoDirectoryThatIsNamedLikeAFile() throws IOException {
        Files.createDirectories(workspace.resolve(".flujo.yml"));

        assertEquals(List.of(new UnreadFile(".flujo.yml", "Expected a regular file, but it is none")), read().unread());
    }

    @Test
    void readsFilesOfAtMostSoManyBytes() throws IOException {
        write(".flujo.yml", "#".repeat(Definitions.MOST_BYTES));
        write(".flujo/large.yml", "#".repeat(Definitions.MOST_BYTES + 1));

        DefinitionsRead read = read();

        assertEquals(1, read.files().size());
        assertEquals(
                "Expected at most 262144 bytes, but the file is larger; split it",
                read.unread().get(0).reason());
    }

    @Test
    void readsNoMoreThanFitsOnTheLogHoweverItIsWritten() throws IOException {
        for (int i = 0; i < 10; i++) {
            write(".flujo/p" + i + ".yml", "\u0001".repeat(30_000) + "\"\n".repeat(30_000) + "\u20ac".repeat(20_000));
        }

        DefinitionsRead read = read();

        assertEquals(10, read.files().size() + read.unread().size());
        assertTrue(read.unread().size() > 0, "some are too many");
        Envelope envelope = Envelope.of("id", URI.create("/test"), Instant.EPOCH, UUID.randomUUID(), read);
        assertTrue(new EventCodec().encode(Topic.BUILDS, envelope).value().length < Topic.MOST_BYTES);
    }

    @Test
    void readsAtMostSoManyFiles() throws IOException {
        for (int i = 0; i <= Definitions.MOST_FILES; i++) {
            write(".flujo/p" + i + ".yml", "name: p\n");
        }

        assertEquals(
                List.of(new UnreadFile(".flujo", "Expected at most 50 files, but there are more; join some of them")),
                read().unread());
    }

    @Test
    void saysWhichFileIsNoText() throws IOException {
        Files.write(workspace.resolve(".flujo.yml"), "name: \u00e9".getBytes(StandardCharsets.ISO_8859_1));

        assertEquals(
                "Expected UTF-8, but the file has bytes that are none; save it as UTF-8",
                read().unread().get(0).reason());
    }

    private DefinitionsRead read() throws IOException {
        return DefinitionFiles.read(workspace, "shop", ATTEMPT);
    }

    private void write(String path, String text) throws IOException {
        Path file = workspace.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }
}
