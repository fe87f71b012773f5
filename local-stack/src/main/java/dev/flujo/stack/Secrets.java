package dev.flujo.stack;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Set;

/** The secrets of a stack: made at its first start, one file each, readable by its owner only. */
record Secrets(Path directory) {

    Path bootstrapToken() {
        return file("bootstrap-token");
    }

    Path internalToken() {
        return file("internal-token");
    }

    Path webhookSecret() {
        return file("webhook-secret");
    }

    /** A secret's value. */
    static String read(Path file) {
        try {
            return Files.readString(file).trim();
        } catch (IOException e) {
            throw new StackException("Expected a secret in " + file + ", but " + e.getMessage(), e);
        }
    }

    private Path file(String name) {
        Path file = directory.resolve(name);
        if (Files.exists(file)) {
            return file;
        }
        byte[] bytes = new byte[32];
        new SecureRandom().nextBytes(bytes);
        try {
            Files.createDirectories(
                    directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            Path fresh = Files.createTempFile(
                    directory,
                    name,
                    ".tmp",
                    PosixFilePermissions.asFileAttribute(Set.copyOf(PosixFilePermissions.fromString("rw-------"))));
            Files.writeString(fresh, HexFormat.of().formatHex(bytes));
            return Files.move(fresh, file);
        } catch (IOException e) {
            throw new StackException("Expected to write the secret " + file + ", but " + e.getMessage(), e);
        }
    }
}
