package dev.flujo.pipeline.webhook;

import dev.flujo.kit.problem.CommonProblem;
import dev.flujo.kit.problem.Problem;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The body of a webhook. It is signed over its raw bytes while it comes in, before anything of it is read; what is large
 * waits on disk, so that bodies of whoever sends them take little memory.
 */
final class Delivery implements AutoCloseable {

    private static final int IN_MEMORY = 128 * 1024;
    private static final int PIECE = 8 * 1024;

    private final byte[] small;
    private final Optional<Path> large;

    private Delivery(byte[] small, Optional<Path> large) {
        this.small = small;
        this.large = large;
    }

    /**
     * Reads a body.
     *
     * @throws Problem (413) if it is larger than allowed
     */
    static Delivery read(InputStream body, long most, BodyCheck check) {
        ByteArrayOutputStream memory = new ByteArrayOutputStream();
        Optional<Path> file = Optional.empty();
        try {
            file = spool(body, most, check, memory);
            return new Delivery(memory.toByteArray(), file);
        } catch (IOException e) {
            throw new Problem(CommonProblem.BAD_REQUEST, "Expected a whole body, but it ended early", e);
        }
    }

    /** The bytes, to be closed by the caller. */
    InputStream open() throws IOException {
        return large.isPresent() ? Files.newInputStream(large.get()) : new ByteArrayInputStream(small);
    }

    @Override
    public void close() {
        large.ifPresent(Delivery::delete);
    }

    private static Optional<Path> spool(InputStream body, long most, BodyCheck check, ByteArrayOutputStream memory)
            throws IOException {
        byte[] piece = new byte[PIECE];
        Path file = null;
        OutputStream out = memory;
        boolean whole = false;
        try {
            long count = 0;
            for (int read = body.read(piece); read >= 0; read = body.read(piece)) {
                count += read;
                if (count > most) {
                    throw new Problem(
                            CommonProblem.TOO_LARGE,
                            "Expected a body of at most " + most + " bytes, but it is larger; shorten it");
                }
                if (file == null && count > IN_MEMORY) {
                    file = Files.createTempFile("delivery", ".json");
                    out = Files.newOutputStream(file);
                    memory.writeTo(out);
                    memory.reset();
                }
                check.update(piece, read);
                out.write(piece, 0, read);
            }
            whole = true;
            return Optional.ofNullable(file);
        } finally {
            out.close();
            if (!whole && file != null) {
                delete(file);
            }
        }
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException("Expected to delete a delivery that was read, but " + e.getMessage(), e);
        }
    }
}
