package dev.flujo.stack;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Set;
import java.util.function.Supplier;

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

    /** The key with which where artifacts come from is signed. */
    Path provenanceKey() {
        return file("provenance-key", Secrets::privateKey);
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
        return file(name, Secrets::chance);
    }

    private Path file(String name, Supplier<String> value) {
        Path file = directory.resolve(name);
        if (Files.exists(file)) {
            return file;
        }
        try {
            Files.createDirectories(
                    directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            Path fresh = Files.createTempFile(
                    directory,
                    name,
                    ".tmp",
                    PosixFilePermissions.asFileAttribute(Set.copyOf(PosixFilePermissions.fromString("rw-------"))));
            Files.writeString(fresh, value.get());
            return Files.move(fresh, file);
        } catch (IOException e) {
            throw new StackException("Expected to write the secret " + file + ", but " + e.getMessage(), e);
        }
    }

    private static String chance() {
        byte[] bytes = new byte[32];
        new SecureRandom().nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    /** As {@code openssl genpkey -algorithm ed25519} writes one. */
    private static String privateKey() {
        try {
            byte[] key = KeyPairGenerator.getInstance("Ed25519")
                    .generateKeyPair()
                    .getPrivate()
                    .getEncoded();
            return "-----BEGIN PRIVATE KEY-----\n" + Base64.getEncoder().encodeToString(key)
                    + "\n-----END PRIVATE KEY-----\n";
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform from 15 on has Ed25519", e);
        }
    }
}
