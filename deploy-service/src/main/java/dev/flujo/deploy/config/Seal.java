package dev.flujo.deploy.config;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Seals secrets where they lie (AES-256-GCM), each to its place, so that none can be put in the place of another. The keys are
 * the lines of a file: the first one seals, each of them opens, so that keys can be changed without a restart.
 */
final class Seal {

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final String CIPHER = "AES/GCM/NoPadding";
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;
    private static final int SHORTEST_KEY = 32;
    private static final int ID_DIGITS = 8;

    private final Path file;

    Seal(Path file) {
        this.file = file;
    }

    private record Key(String id, SecretKeySpec secret) {

        static Key of(String line) throws GeneralSecurityException {
            byte[] text = line.getBytes(StandardCharsets.UTF_8);
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            String id = HexFormat.of().formatHex(digest.digest(("id " + line).getBytes(StandardCharsets.UTF_8)));
            return new Key(id.substring(0, ID_DIGITS), new SecretKeySpec(digest.digest(text), "AES"));
        }
    }

    /** The value, sealed to this place. */
    String close(String place, String value) throws IOException {
        try {
            Key key = keys().get(0);
            byte[] nonce = new byte[NONCE_BYTES];
            RANDOM.nextBytes(nonce);
            byte[] sealed =
                    cipher(Cipher.ENCRYPT_MODE, key, nonce, place).doFinal(value.getBytes(StandardCharsets.UTF_8));
            Base64.Encoder text = Base64.getEncoder();
            return key.id() + " " + text.encodeToString(nonce) + " " + text.encodeToString(sealed);
        } catch (GeneralSecurityException e) {
            throw new IOException("Expected to seal a secret, but " + e.getMessage(), e);
        }
    }

    /** What was sealed to this place. */
    String open(String place, String sealed) throws IOException {
        String[] parts = sealed.split(" ", -1);
        try {
            Optional<Key> key =
                    keys().stream().filter(known -> known.id().equals(parts[0])).findFirst();
            if (key.isEmpty()) {
                throw new IOException("Expected the key " + parts[0] + " of the secret " + place + " in " + file
                        + ", but it is not there; put it back as a further line");
            }
            Base64.Decoder text = Base64.getDecoder();
            byte[] value = cipher(Cipher.DECRYPT_MODE, key.get(), text.decode(parts[1]), place)
                    .doFinal(text.decode(parts[2]));
            return new String(value, StandardCharsets.UTF_8);
        } catch (GeneralSecurityException e) {
            throw new IOException("Expected the secret " + place + " as it was sealed, but it is not", e);
        }
    }

    /** Whether another key seals now than the one by which this was sealed. */
    boolean isOld(String sealed) throws IOException {
        try {
            return !sealed.startsWith(keys().get(0).id() + " ");
        } catch (GeneralSecurityException e) {
            throw new IOException("Expected to read keys, but " + e.getMessage(), e);
        }
    }

    private static Cipher cipher(int mode, Key key, byte[] nonce, String place) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance(CIPHER);
        cipher.init(mode, key.secret(), new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(place.getBytes(StandardCharsets.UTF_8));
        return cipher;
    }

    private List<Key> keys() throws IOException, GeneralSecurityException {
        List<Key> keys = new ArrayList<>();
        for (String line : Files.readAllLines(file)) {
            if (line.strip().length() >= SHORTEST_KEY) {
                keys.add(Key.of(line.strip()));
            }
        }
        if (keys.isEmpty()) {
            throw new IOException("Expected a line of at least " + SHORTEST_KEY + " characters as key in " + file
                    + ", but there is none; make one with `openssl rand -hex 32`");
        }
        return keys;
    }
}
