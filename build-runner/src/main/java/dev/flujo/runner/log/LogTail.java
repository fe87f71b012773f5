package dev.flujo.runner.log;

import dev.flujo.event.LogEvent.LogAppended;
import dev.flujo.event.Work;
import dev.flujo.runner.AttemptDirectory;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;

/**
 * Reads the output of an attempt's steps, as they write it, into numbered chunks of whole lines. Each chunk is noted on
 * disk before it is passed on; what an earlier life of the runner noted is passed on again, the same.
 */
public final class LogTail {

    /** The most bytes of one chunk. */
    static final int CHUNK_BYTES = 192 * 1024;

    /** The longest line that is kept whole. */
    static final int LINE_BYTES = 64 * 1024;

    private static final byte LINE_FEED = '\n';

    private final AttemptDirectory directory;
    private final Work work;
    private final Consumer<LogAppended> chunks;
    private final long mostBytes;
    private int nextChunk;
    private long nextLine = 1;
    private int step;
    private long offset;
    private long linesOfStep;
    private boolean full;

    /** Opens the log of an attempt; passes on again what was noted before. */
    public LogTail(AttemptDirectory directory, Work work, long mostBytes, Consumer<LogAppended> chunks)
            throws IOException {
        this.directory = directory;
        this.work = work;
        this.mostBytes = mostBytes;
        this.chunks = chunks;
        this.step = Integer.MIN_VALUE;
        if (Files.exists(directory.chunks())) {
            for (String line : Files.readAllLines(directory.chunks())) {
                again(Chunk.parse(line));
            }
        }
    }

    /** How many lines the attempt has printed so far. */
    public synchronized long lines() {
        return nextLine - 1;
    }

    /** Passes on what the step has written since the last look, in whole lines. */
    public synchronized void follow(int ofStep) throws IOException {
        read(ofStep, false);
    }

    /** Passes on all that the step has written; its last line may lack the line feed. Gives the step's line count. */
    public synchronized long finish(int ofStep) throws IOException {
        read(ofStep, true);
        return linesOfStep;
    }

    private void read(int ofStep, boolean last) throws IOException {
        if (ofStep != step) {
            step = ofStep;
            offset = 0;
            linesOfStep = 0;
            full = false;
        }
        if (full || !Files.exists(directory.output(step))) {
            return;
        }
        try (FileChannel channel = FileChannel.open(directory.output(step), StandardOpenOption.READ)) {
            while (offset < channel.size()) {
                ByteBuffer buffer = ByteBuffer.allocate((int) Math.min(CHUNK_BYTES, channel.size() - offset));
                channel.read(buffer, offset);
                buffer.flip();
                int length = wholeLines(buffer, last && offset + buffer.limit() >= channel.size());
                if (length == 0) {
                    return;
                }
                pass(length, text(buffer, length));
                if (offset >= mostBytes) {
                    cutOff();
                    return;
                }
            }
        }
    }

    /** How many bytes of the buffer to take: up to its last line feed, or all of it if nothing follows or it is one line. */
    private static int wholeLines(ByteBuffer buffer, boolean nothingFollows) {
        if (nothingFollows) {
            return buffer.limit();
        }
        for (int i = buffer.limit() - 1; i >= 0; i--) {
            if (buffer.get(i) == LINE_FEED) {
                return i + 1;
            }
        }
        return buffer.limit() == CHUNK_BYTES ? CHUNK_BYTES : 0;
    }

    private void pass(int length, String text) throws IOException {
        int lines = count(text);
        Chunk chunk = new Chunk(nextChunk, step, offset, length, nextLine, lines);
        Files.writeString(
                directory.chunks(), chunk.line() + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        chunks.accept(event(chunk, text));
        nextChunk++;
        nextLine += lines;
        linesOfStep += lines;
        offset += length;
    }

    private void cutOff() throws IOException {
        full = true;
        pass(0, marker());
    }

    private String marker() {
        return "[the output of this step is longer than " + mostBytes + " bytes and is cut off here]";
    }

    private void again(Chunk chunk) throws IOException {
        if (chunk.step() != step) {
            step = chunk.step();
            linesOfStep = 0;
            full = false;
        }
        String text = marker();
        full = chunk.length() == 0;
        if (!full) {
            try (FileChannel channel = FileChannel.open(directory.output(step), StandardOpenOption.READ)) {
                ByteBuffer buffer = ByteBuffer.allocate(chunk.length());
                while (buffer.hasRemaining() && channel.read(buffer, chunk.offset() + buffer.position()) >= 0) {
                    // until the chunk is whole
                }
                buffer.flip();
                text = text(buffer, chunk.length());
            }
        }
        chunks.accept(event(chunk, text));
        nextChunk = chunk.number() + 1;
        nextLine = chunk.firstLine() + chunk.lines();
        linesOfStep += chunk.lines();
        offset = chunk.offset() + chunk.length();
    }

    /** The bytes as text: line feeds between lines only, overlong lines cut, what is no UTF-8 replaced. */
    private static String text(ByteBuffer buffer, int length) {
        int end = length > 0 && buffer.get(length - 1) == LINE_FEED ? length - 1 : length;
        String text = StandardCharsets.UTF_8.decode(buffer.slice(0, end)).toString();
        if (end <= LINE_BYTES) {
            return text;
        }
        List<String> lines = text.lines().toList();
        boolean overlong = lines.stream().anyMatch(line -> line.length() > LINE_BYTES);
        return overlong
                ? String.join("\n", lines.stream().map(LogTail::shortened).toList())
                : text;
    }

    private static String shortened(String line) {
        return line.length() <= LINE_BYTES
                ? line
                : line.substring(0, LINE_BYTES) + "[cut: " + (line.length() - LINE_BYTES) + " more characters]";
    }

    private static int count(String text) {
        int lines = 1;
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) == LINE_FEED) {
                lines++;
            }
        }
        return lines;
    }

    private LogAppended event(Chunk chunk, String text) {
        return new LogAppended(
                work.project(),
                work.attempt(),
                chunk.step(),
                chunk.number(),
                chunk.firstLine(),
                chunk.lines(),
                Instant.now(),
                text);
    }
}
