package dev.flujo.runner.cache;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Notes as files below a directory; the time of a file is when it was last used. */
final class FileCacheIndex implements CacheIndex {

    private static final String ENDING = ".entry";

    private final Path directory;

    FileCacheIndex(Path directory) {
        this.directory = directory;
    }

    @Override
    public Optional<Note> read(String name) throws IOException {
        Path file = file(name);
        try {
            String text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
            return Optional.of(
                    new Note(name, text, Files.getLastModifiedTime(file).toInstant()));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    @Override
    public List<Note> below(String name) throws IOException {
        Path below = directory.resolve(name);
        if (!Files.isDirectory(below)) {
            return List.of();
        }
        List<Note> notes = new ArrayList<>();
        try (Stream<Path> files = Files.find(
                below,
                Integer.MAX_VALUE,
                (file, attributes) ->
                        attributes.isRegularFile() && file.toString().endsWith(ENDING))) {
            for (Path file : files.toList()) {
                read(name(file)).ifPresent(notes::add);
            }
        }
        return notes;
    }

    @Override
    public void write(String name, String text) throws IOException {
        Path file = file(name);
        Files.createDirectories(file.getParent());
        Path fresh = Files.createTempFile(file.getParent(), "entry", ".tmp");
        Files.writeString(fresh, text);
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    @Override
    public void used(Note note) throws IOException {
        try {
            Files.setLastModifiedTime(file(note.name()), FileTime.from(Instant.now()));
        } catch (NoSuchFileException e) {
            // Another runner has made room, and nothing is left to remember.
        }
    }

    @Override
    public void delete(String name) throws IOException {
        Files.deleteIfExists(file(name));
    }

    private Path file(String name) {
        return directory.resolve(name + ENDING);
    }

    private String name(Path file) {
        String name = directory.relativize(file).toString();
        return name.substring(0, name.length() - ENDING.length());
    }
}
