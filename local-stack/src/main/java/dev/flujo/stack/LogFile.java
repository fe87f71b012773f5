package dev.flujo.stack;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What a member has printed, over all of its lives. */
record LogFile(Path file) {

    /** More than anybody reads on a terminal. */
    private static final int MOST_BYTES = 4 * 1024 * 1024;

    boolean exists() {
        return Files.exists(file);
    }

    /** The last lines, whatever bytes they are made of; however long the log is, only its end is read. */
    String lastLines(int count) {
        try (RandomAccessFile log = new RandomAccessFile(file.toFile(), "r")) {
            long from = Math.max(0, log.length() - MOST_BYTES);
            byte[] end = new byte[(int) (log.length() - from)];
            log.seek(from);
            log.readFully(end);
            List<String> lines = new String(end, StandardCharsets.UTF_8).lines().toList();
            return String.join("\n", lines.subList(Math.max(0, lines.size() - count), lines.size()));
        } catch (IOException e) {
            return "(no log: " + e.getMessage() + ")";
        }
    }
}
