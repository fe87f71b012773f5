package dev.flujo.event.provenance;

import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;

/** Both halves of a key that Flujo signs with. The same bytes always get the same signature. */
public record SigningKey(PrivateKey key, PublicSigningKey publicKey) {

    byte[] sign(byte[] bytes) {
        try {
            Signature signature = Signature.getInstance(PublicSigningKey.ALGORITHM);
            signature.initSign(key);
            signature.update(bytes);
            return signature.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(
                    "Expected to sign with key " + publicKey.id() + ", but " + e.getMessage(), e);
        }
    }
}
