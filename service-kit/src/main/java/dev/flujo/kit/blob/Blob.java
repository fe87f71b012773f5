package dev.flujo.kit.blob;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;

/** Bytes in the blob store: their SHA-256 in lower-case hexadecimal, which is their name, and how many they are. */
public record Blob(String sha256, long bytes) {

    private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");
    private static final int CHUNK = 1 << 16;

    public Blob {
        checkName(sha256);
    }

    /** The blob that a file makes. */
    static Blob of(Path file) throws IOException {
        MessageDigest digest = digest();
        long bytes = 0;
        try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
            byte[] chunk = new byte[CHUNK];
            for (int read = in.read(chunk); read >= 0; read = in.read(chunk)) {
                bytes += read;
            }
        }
        return named(digest, bytes);
    }

    /** The blob whose bytes have been digested. */
    static Blob named(MessageDigest digest, long bytes) {
        return new Blob(HexFormat.of().formatHex(digest.digest()), bytes);
    }

    /** A name may come from outside, and becomes part of a path. */
    static String checkName(String sha256) {
        if (!SHA256.matcher(sha256).matches()) {
            throw new IllegalArgumentException(
                    "Expected a SHA-256 in 64 hexadecimal digits, but found '" + sha256 + "'");
        }
        return sha256;
    }

    static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }
}
