package dev.flujo.runner.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/** The chunks of an attempt's log on disk, one a line. What a crash or a full disk has left unfinished was not noted. */
final class ChunkNotes {

    private final Path file;
    private final List<Chunk> before = new ArrayList<>();
    private long end;

    ChunkNotes(Path file) throws IOException {
        this.file = file;
        if (Files.exists(file)) {
            String text = Files.readString(file, StandardCharsets.US_ASCII);
            int whole = text.lastIndexOf('\n') + 1;
            text.substring(0, whole).lines().map(Chunk::parse).forEach(before::add);
            end = whole;
        }
    }

    /** What an earlier life of the runner has noted. */
    List<Chunk> before() {
        return List.copyOf(before);
    }

    void add(Chunk chunk) throws IOException {
        ByteBuffer line = ByteBuffer.wrap((chunk.line() + "\n").getBytes(StandardCharsets.US_ASCII));
        int length = line.remaining();
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            channel.truncate(end);
            while (line.hasRemaining()) {
                channel.write(line, end + line.position());
            }
        }
        end += length;
    }
}
