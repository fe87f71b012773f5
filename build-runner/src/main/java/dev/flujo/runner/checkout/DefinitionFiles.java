package dev.flujo.runner.checkout;

import dev.flujo.event.Attempt;
import dev.flujo.event.Definitions;
import dev.flujo.event.JobEvent.DefinitionsRead;
import dev.flujo.event.JobEvent.SourceFile;
import dev.flujo.event.JobEvent.UnreadFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Reads the files of a workspace that define pipelines, and nothing else: regular files in their places, few and small. No
 * link is followed, neither as a file nor on the way to one. What cannot be read is reported with the reason.
 */
public final class DefinitionFiles {

    private final Path workspace;
    private final List<SourceFile> files = new ArrayList<>();
    private final List<UnreadFile> unread = new ArrayList<>();
    private long together;

    private DefinitionFiles(Path workspace) {
        this.workspace = workspace;
    }

    /** The report of what the workspace defines. */
    public static DefinitionsRead read(Path workspace, String project, Attempt attempt) throws IOException {
        DefinitionFiles found = new DefinitionFiles(workspace);
        found.file(Definitions.FILE);
        if (found.directory(Definitions.DIRECTORY)) {
            found.directory(Definitions.TEMPLATES);
        }
        return new DefinitionsRead(project, attempt, found.files, found.unread);
    }

    /** Reads the files of a directory, if that is one itself and no link to one. */
    private boolean directory(String name) throws IOException {
        Path directory = workspace.resolve(name);
        if (Files.isSymbolicLink(directory)) {
            unread(name, "Expected a directory, but it is a link; put the files there themselves");
            return false;
        }
        if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
            return false;
        }
        List<String> names = names(directory);
        if (names.size() > Definitions.MOST_FILES) {
            unread(
                    name,
                    "Expected at most " + Definitions.MOST_FILES + " files, but there are more; join some of them");
            return true;
        }
        for (String file : names) {
            file(name + "/" + file);
        }
        return true;
    }

    private static List<String> names(Path directory) throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.map(entry -> entry.getFileName().toString())
                    .filter(entry -> entry.endsWith(Definitions.ENDING))
                    .sorted()
                    .limit(Definitions.MOST_FILES + 1L)
                    .toList();
        }
    }

    private void file(String path) throws IOException {
        Path file = workspace.resolve(path);
        if (Files.isSymbolicLink(file)) {
            unread(path, "Expected a regular file, but it is a link; put the text there itself");
        } else if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            text(path, file);
        } else if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            unread(path, "Expected a regular file, but it is none");
        }
    }

    private void text(String path, Path file) throws IOException {
        byte[] bytes;
        try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
            bytes = in.readNBytes(Definitions.MOST_BYTES + 1);
        }
        if (bytes.length > Definitions.MOST_BYTES) {
            unread(path, "Expected at most " + Definitions.MOST_BYTES + " bytes, but the file is larger; split it");
            return;
        }
        try {
            String source = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            together += travelling(source);
            if (together > Definitions.MOST_BYTES_TOGETHER) {
                unread(
                        path,
                        "Expected at most " + Definitions.MOST_BYTES_TOGETHER
                                + " bytes in all files together, but with this one there are more; shorten them");
                return;
            }
            files.add(new SourceFile(path, source));
        } catch (CharacterCodingException e) {
            unread(path, "Expected UTF-8, but the file has bytes that are none; save it as UTF-8");
        }
    }

    /** How many bytes the text is in JSON. */
    private static long travelling(String source) {
        return source.codePoints().mapToLong(DefinitionFiles::travelling).sum();
    }

    private static long travelling(int c) {
        if (c == '"' || c == '\\' || c == '\n' || c == '\r' || c == '\t') {
            return 2;
        }
        return c < 0x20 ? 6 : c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
    }

    private void unread(String path, String reason) {
        unread.add(new UnreadFile(path, reason));
    }
}
