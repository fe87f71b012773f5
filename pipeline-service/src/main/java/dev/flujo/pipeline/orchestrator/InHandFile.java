package dev.flujo.pipeline.orchestrator;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The note of a task in a file of its own: the operating system keeps it when the process dies. It has the record in hand, and the
 * one that the lives before this have ended with, since a life begins with the records of its last transaction.
 */
final class InHandFile implements InHand {

    private static final int HELD = 1 + Integer.BYTES + Long.BYTES;
    private static final int SUSPECT = Integer.BYTES + Long.BYTES + Integer.BYTES;

    private final FileChannel file;
    private final ByteBuffer note = ByteBuffer.allocate(HELD + SUSPECT);
    private final Place suspect;
    private final int deaths;

    private record Place(int topic, long offset) {

        static Place read(ByteBuffer from) {
            return new Place(from.getInt(), from.getLong());
        }

        void write(ByteBuffer to) {
            to.putInt(topic).putLong(offset);
        }
    }

    private InHandFile(FileChannel file) throws IOException {
        this.file = file;
        file.read(note, 0);
        note.clear();
        boolean held = note.get() == 1;
        Place last = Place.read(note);
        Place before = Place.read(note);
        int lives = note.getInt();
        this.suspect = held ? last : before;
        this.deaths = !held ? lives : last.equals(before) ? lives + 1 : 1;
        note.clear();
        note.put((byte) 0);
        suspect.write(note);
        suspect.write(note);
        file.write(note.putInt(deaths).flip(), 0);
    }

    /** Opens the note of a task, with what its lives so far have left there. */
    static InHandFile open(Path directory, String task) {
        try {
            Files.createDirectories(directory);
            return new InHandFile(FileChannel.open(
                    directory.resolve(task),
                    StandardOpenOption.CREATE,
                    StandardOpenOption.READ,
                    StandardOpenOption.WRITE));
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "Expected to keep a note of the record in hand in " + directory + ", but " + e.getMessage(), e);
        }
    }

    @Override
    public int take(String topic, long offset) {
        Place place = new Place(topic.hashCode(), offset);
        note.clear();
        note.put((byte) 1);
        place.write(note);
        write();
        return place.equals(suspect) ? deaths : 0;
    }

    @Override
    public void done() {
        note.clear();
        note.put((byte) 0);
        write();
    }

    @Override
    public void close() {
        try {
            file.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void write() {
        try {
            file.write(note.flip(), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
