package dev.flujo.pipeline.provenance;

import dev.flujo.event.provenance.PublicSigningKey;
import dev.flujo.event.provenance.SigningKey;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.interfaces.EdECPrivateKey;
import java.security.spec.NamedParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads private keys as {@code openssl genpkey -algorithm ed25519} writes them. */
final class PrivateKeys {

    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----");

    private PrivateKeys() {}

    /**
     * All keys of a text in PEM; none where there are none.
     *
     * @throws IllegalArgumentException if there is one that is no Ed25519 key
     */
    static List<SigningKey> read(String pem) {
        List<SigningKey> keys = new ArrayList<>();
        Matcher blocks = BLOCK.matcher(pem);
        while (blocks.find()) {
            try {
                byte[] der = Base64.getMimeDecoder().decode(blocks.group(1));
                keys.add(key((EdECPrivateKey) KeyFactory.getInstance(PublicSigningKey.ALGORITHM)
                        .generatePrivate(new PKCS8EncodedKeySpec(der))));
            } catch (GeneralSecurityException | IllegalArgumentException e) {
                // Not the cause's own words: they could hold a part of the key.
                throw new IllegalArgumentException(
                        "Expected a private Ed25519 key in PEM, but found another kind of key");
            }
        }
        return keys;
    }

    /** The platform offers no way from a private key to its public half but to make the pair again from the same bytes. */
    private static SigningKey key(EdECPrivateKey key) throws GeneralSecurityException {
        byte[] bytes = key.getBytes().orElseThrow(() -> new GeneralSecurityException("the key hides its bytes"));
        KeyPairGenerator again = KeyPairGenerator.getInstance(PublicSigningKey.ALGORITHM);
        again.initialize(NamedParameterSpec.ED25519, new Repeated(bytes));
        PublicKey made = again.generateKeyPair().getPublic();
        return new SigningKey(key, new PublicSigningKey(made));
    }

    /** Gives these bytes where chance is asked for. */
    private static final class Repeated extends SecureRandom {

        private static final long serialVersionUID = 1;

        private final byte[] known;

        Repeated(byte[] known) {
            this.known = known;
        }

        @Override
        public void nextBytes(byte[] bytes) {
            System.arraycopy(known, 0, bytes, 0, bytes.length);
        }
    }
}
