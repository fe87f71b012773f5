package dev.flujo.stack;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;

/** Which process a member is, for a Flujo process that comes later: its number, and its birth, since numbers come again. */
record PidFile(Path file) {

    void write(ProcessHandle process) {
        String birth = ProcessEntry.of(process.pid()).map(ProcessEntry::birth).orElse("ended");
        try {
            Files.createDirectories(file.getParent());
            Path fresh = file.resolveSibling(file.getFileName() + ".tmp");
            Files.writeString(fresh, process.pid() + " " + birth);
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new StackException("Expected to write " + file + ", but " + e.getMessage(), e);
        }
    }

    boolean exists() {
        return Files.exists(file);
    }

    /** The process that was noted, while it lives; a file that names none, or another's process, names nobody. */
    Optional<ProcessHandle> process() {
        if (!exists()) {
            return Optional.empty();
        }
        try {
            String[] words = Files.readString(file).trim().split(" ", -1);
            if (words.length != 2 || !words[0].matches("[1-9][0-9]{0,9}")) {
                return Optional.empty();
            }
            long pid = Long.parseLong(words[0]);
            return ProcessEntry.of(pid)
                    .filter(entry -> entry.birth().equals(words[1]))
                    .flatMap(entry -> ProcessHandle.of(pid));
        } catch (IOException e) {
            throw new StackException("Expected to read " + file + ", but " + e.getMessage(), e);
        }
    }

    void delete() {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new StackException("Expected to delete " + file + ", but " + e.getMessage(), e);
        }
    }
}
