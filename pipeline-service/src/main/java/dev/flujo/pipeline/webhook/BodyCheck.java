package dev.flujo.pipeline.webhook;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.List;
import java.util.function.Function;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** The check of one body, piece by piece as it comes in: whether a secret known here stands behind it. */
final class BodyCheck {

    private static final String ALGORITHM = "HmacSHA256";

    private final List<Mac> macs;
    private final List<byte[]> given;
    private final Function<byte[], String> form;
    private final boolean known;

    private BodyCheck(List<Mac> macs, List<String> given, Function<byte[], String> form, boolean known) {
        this.macs = macs;
        this.given = given.stream().map(BodyCheck::bytes).toList();
        this.form = form;
        this.known = known;
    }

    /** A check that no body passes. */
    static BodyCheck impossible() {
        return new BodyCheck(List.of(), List.of(), digest -> "", false);
    }

    /** A check that every body passes: who sent it has said the secret. */
    static BodyCheck done() {
        return new BodyCheck(List.of(), List.of(), digest -> "", true);
    }

    /**
     * A check that one of the given texts is the HMAC-SHA256, in a form, of what comes first and the body.
     *
     * @param form how the digest is written
     */
    static BodyCheck of(List<byte[]> keys, byte[] first, List<String> given, Function<byte[], String> form) {
        return new BodyCheck(keys.stream().map(key -> mac(key, first)).toList(), given, form, false);
    }

    /** Whether any body could pass: a proof of the right form, and a secret, are there. */
    boolean possible() {
        return known || (!macs.isEmpty() && !given.isEmpty());
    }

    void update(byte[] piece, int length) {
        macs.forEach(mac -> mac.update(piece, 0, length));
    }

    /** Whether one of the secrets stands behind all pieces; to be asked once, after the last one. */
    boolean passes() {
        boolean any = known;
        for (Mac mac : macs) {
            byte[] expected = bytes(form.apply(mac.doFinal()));
            for (byte[] each : given) {
                any |= MessageDigest.isEqual(expected, each);
            }
        }
        return any;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static Mac mac(byte[] key, byte[] first) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(key, ALGORITHM));
            mac.update(first);
            return mac;
        } catch (GeneralSecurityException e) {
            throw new AssertionError("every Java platform has " + ALGORITHM, e);
        }
    }
}
