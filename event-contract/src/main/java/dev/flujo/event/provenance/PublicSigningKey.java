package dev.flujo.event.provenance;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The public half of a key that Flujo signs with (Ed25519); its id is the SHA-256 of its DER form. */
public record PublicSigningKey(PublicKey key) {

    /** The name of the algorithm of all such keys. */
    public static final String ALGORITHM = "Ed25519";

    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN PUBLIC KEY-----([A-Za-z0-9+/=\\s]+)-----END PUBLIC KEY-----");

    /**
     * All keys of a text in PEM.
     *
     * @throws IllegalArgumentException if there is none, or one that is no Ed25519 key
     */
    public static List<PublicSigningKey> read(String pem) {
        List<PublicSigningKey> keys = new ArrayList<>();
        Matcher blocks = BLOCK.matcher(pem);
        while (blocks.find()) {
            try {
                byte[] der = Base64.getMimeDecoder().decode(blocks.group(1));
                keys.add(new PublicSigningKey(
                        KeyFactory.getInstance(ALGORITHM).generatePublic(new X509EncodedKeySpec(der))));
            } catch (GeneralSecurityException | IllegalArgumentException e) {
                throw new IllegalArgumentException("Expected a public Ed25519 key in PEM, but " + e.getMessage(), e);
            }
        }
        if (keys.isEmpty()) {
            throw new IllegalArgumentException(
                    "Expected a public Ed25519 key in PEM (-----BEGIN PUBLIC KEY-----), but found none");
        }
        return keys;
    }

    /** The key's id: the SHA-256 of its DER form in hexadecimal. */
    public String id() {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(key.getEncoded()));
        } catch (GeneralSecurityException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }

    /** The key in PEM. */
    public String pem() {
        return "-----BEGIN PUBLIC KEY-----\n"
                + Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII))
                        .encodeToString(key.getEncoded())
                + "\n-----END PUBLIC KEY-----\n";
    }

    /** Whether the holder of the key's other half has signed these bytes. */
    boolean signed(byte[] bytes, byte[] signature) {
        try {
            Signature check = Signature.getInstance(ALGORITHM);
            check.initVerify(key);
            check.update(bytes);
            return check.verify(signature);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }
}
