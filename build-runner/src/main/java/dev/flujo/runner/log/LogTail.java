package dev.flujo.runner.log;

import dev.flujo.event.LogEvent.LogAppended;
import dev.flujo.event.Work;
import dev.flujo.runner.AttemptDirectory;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.Arrays;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Reads the output of an attempt's steps, as they write it, into numbered chunks of whole lines. Each chunk is noted on
 * disk before it is passed on; what an earlier life of the runner noted is passed on again, the same.
 */
public final class LogTail {

    /** The most bytes of one chunk: as JSON it fits in a record of the topic also where each takes six, as \u0001 does. */
    static final int CHUNK_BYTES = 160 * 1024;

    /** The longest line that is kept whole. */
    static final int LINE_BYTES = 64 * 1024;

    /**
     * How much of a running step's output one look passes on: one that prints faster is not slowed by what its log costs, and
     * caught up with at its end.
     */
    static final int LOOK_BYTES = 2 * CHUNK_BYTES;

    private static final byte LINE_FEED = '\n';

    private final AttemptDirectory directory;
    private final Work work;
    private final SecretMask mask;
    private final Consumer<LogAppended> chunks;
    private final ChunkNotes notes;
    private final long mostBytes;
    private int nextChunk;
    private long nextLine = 1;
    private int step;
    private long offset;
    private long linesOfStep;
    private int finished = Integer.MIN_VALUE;
    private boolean full;
    private boolean inCutLine;

    /** Opens the log of an attempt; passes on again what was noted before. Nothing that is masked is passed on. */
    public LogTail(AttemptDirectory directory, Work work, long mostBytes, SecretMask mask, Consumer<LogAppended> chunks)
            throws IOException {
        this.directory = directory;
        this.work = work;
        this.mostBytes = mostBytes;
        this.mask = mask;
        this.chunks = chunks;
        this.step = Integer.MIN_VALUE;
        this.notes = new ChunkNotes(directory.chunks());
        for (Chunk chunk : notes.before()) {
            again(chunk);
        }
    }

    /** How many lines the attempt has printed so far. */
    public synchronized long lines() {
        return nextLine - 1;
    }

    /**
     * Passes on what the step has written since the last look, in whole lines, as far as one look goes; nothing of a step that
     * has finished.
     */
    public synchronized void follow(int ofStep) throws IOException {
        if (ofStep > finished) {
            read(ofStep, LOOK_BYTES, false);
        }
    }

    /** Passes on all that the step has written; its last line may lack the line feed. Gives the step's line count. */
    public synchronized long finish(int ofStep) throws IOException {
        read(ofStep, Long.MAX_VALUE, true);
        finished = ofStep;
        return linesOfStep;
    }

    private void read(int ofStep, long most, boolean last) throws IOException {
        enter(ofStep);
        if (full || !written(last)) {
            return;
        }
        try (FileChannel channel = output()) {
            long begin = offset;
            while (offset < channel.size() && offset - begin < most) {
                ByteBuffer buffer = bytes(channel, offset, Math.min(CHUNK_BYTES, channel.size() - offset));
                if (inCutLine) {
                    skip(buffer);
                } else {
                    int length = wholeLines(buffer, last && offset + buffer.limit() >= channel.size());
                    if (length == 0) {
                        return;
                    }
                    pass(length, text(buffer, length), goesOn(buffer, length));
                }
                if (offset >= mostBytes) {
                    cutOff();
                    return;
                }
            }
        }
    }

    /** Whether there is output that was not read; what a job has put in its place, such as a link or a pipe, is not read. */
    private boolean written(boolean last) throws IOException {
        BasicFileAttributes output;
        try {
            output = Files.readAttributes(directory.output(step), BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        } catch (NoSuchFileException e) {
            return false;
        }
        if (output.isRegularFile()) {
            return output.size() > offset;
        }
        if (last) {
            throw new IOException(
                    "Expected the output of step " + step + " in a file, but the job has put something else there");
        }
        return false;
    }

    private FileChannel output() throws IOException {
        return FileChannel.open(directory.output(step), StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
    }

    private void enter(int ofStep) {
        if (ofStep != step) {
            step = ofStep;
            offset = 0;
            linesOfStep = 0;
            full = false;
            inCutLine = false;
        }
    }

    /** The rest of a line that was cut is passed over; it is one line, however long. */
    private void skip(ByteBuffer buffer) {
        int length = 0;
        while (inCutLine && length < buffer.limit()) {
            inCutLine = buffer.get(length) != LINE_FEED;
            length++;
        }
        offset += length;
    }

    private static ByteBuffer bytes(FileChannel channel, long from, long length) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate((int) length);
        while (buffer.hasRemaining() && channel.read(buffer, from + buffer.position()) >= 0) {
            // until they are all there
        }
        return buffer.flip();
    }

    /** How many bytes of the buffer to take: up to its last line feed, or all of it if nothing follows or it is one line. */
    private static int wholeLines(ByteBuffer buffer, boolean nothingFollows) {
        if (nothingFollows) {
            return buffer.limit();
        }
        int whole = afterLastLineFeed(buffer);
        return whole == 0 && buffer.limit() == CHUNK_BYTES ? CHUNK_BYTES : whole;
    }

    /** Whether a chunk is nothing but the beginning of a line that is longer than a chunk. */
    private static boolean goesOn(ByteBuffer buffer, int length) {
        return length == CHUNK_BYTES && afterLastLineFeed(buffer) == 0;
    }

    /** Where the last line of the buffer begins. */
    private static int afterLastLineFeed(ByteBuffer buffer) {
        int i = buffer.limit();
        while (i > 0 && buffer.get(i - 1) != LINE_FEED) {
            i--;
        }
        return i;
    }

    private void pass(int length, String text, boolean goesOn) throws IOException {
        int lines = count(text);
        Chunk chunk = new Chunk(nextChunk, step, offset, length, nextLine, lines);
        notes.add(chunk);
        chunks.accept(event(chunk, text));
        advance(chunk, goesOn);
    }

    private void advance(Chunk chunk, boolean goesOn) {
        nextChunk = chunk.number() + 1;
        nextLine = chunk.firstLine() + chunk.lines();
        linesOfStep += chunk.lines();
        offset = chunk.offset() + chunk.length();
        inCutLine = goesOn;
    }

    private void cutOff() throws IOException {
        full = true;
        pass(0, marker(), false);
    }

    private String marker() {
        return "[the output of this step is longer than " + mostBytes + " bytes and is cut off here]";
    }

    private void again(Chunk chunk) throws IOException {
        enter(chunk.step());
        full = chunk.length() == 0;
        if (full) {
            chunks.accept(event(chunk, marker()));
            advance(chunk, false);
            return;
        }
        try (FileChannel channel = output()) {
            ByteBuffer buffer = bytes(channel, chunk.offset(), chunk.length());
            chunks.accept(event(chunk, text(buffer, buffer.limit())));
            advance(chunk, goesOn(buffer, buffer.limit()));
        }
    }

    /** The bytes as text: line feeds between lines only, overlong lines cut, what is no UTF-8 replaced. */
    private String text(ByteBuffer buffer, int length) {
        int end = length > 0 && buffer.get(length - 1) == LINE_FEED ? length - 1 : length;
        String text =
                mask.apply(StandardCharsets.UTF_8.decode(buffer.slice(0, end)).toString());
        if (goesOn(buffer, length)) {
            return whole(text) + "[cut: this line goes on]";
        }
        if (end <= LINE_BYTES) {
            return text;
        }
        String[] lines = text.split("\n", -1);
        boolean overlong = Arrays.stream(lines).anyMatch(line -> line.length() > LINE_BYTES);
        return overlong ? Arrays.stream(lines).map(LogTail::shortened).collect(Collectors.joining("\n")) : text;
    }

    private static String shortened(String line) {
        String kept = whole(line);
        return kept.length() == line.length()
                ? line
                : kept + "[cut: " + (line.length() - kept.length()) + " more characters]";
    }

    /** The beginning of a line, as much as is kept; no character is cut in two. */
    private static String whole(String line) {
        if (line.length() <= LINE_BYTES) {
            return line;
        }
        boolean inTwo = Character.isHighSurrogate(line.charAt(LINE_BYTES - 1));
        return line.substring(0, inTwo ? LINE_BYTES - 1 : LINE_BYTES);
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
