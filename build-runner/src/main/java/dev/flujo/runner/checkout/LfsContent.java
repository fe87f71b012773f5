package dev.flujo.runner.checkout;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** The content of a large file as it arrives: no more than its pointer says, and in the end exactly that. */
final class LfsContent extends OutputStream {

    private final LfsPointer pointer;
    private final OutputStream file;
    private final MessageDigest digest;
    private long bytes;

    LfsContent(LfsPointer pointer, Path to) throws IOException {
        this.pointer = pointer;
        this.file = Files.newOutputStream(to);
        try {
            this.digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }

    @Override
    public void write(int one) throws IOException {
        write(new byte[] {(byte) one}, 0, 1);
    }

    @Override
    public void write(byte[] part, int from, int length) throws IOException {
        bytes += length;
        if (bytes <= pointer.bytes()) {
            file.write(part, from, length);
            digest.update(part, from, length);
        }
    }

    /** Whether more has come than there is. */
    boolean tooLong() {
        return bytes > pointer.bytes();
    }

    /** To be asked once, when all has come. */
    void check() throws CheckoutException {
        String sha256 = HexFormat.of().formatHex(digest.digest());
        if (bytes != pointer.bytes() || !sha256.equals(pointer.sha256())) {
            throw new CheckoutException("Expected the large file " + pointer.sha256() + " of " + pointer.bytes()
                    + " bytes, but what came has " + (tooLong() ? "more" : bytes + " and the digest " + sha256));
        }
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
