package dev.flujo.pipeline.webhook;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Signs deliveries as forges do. */
final class Signatures {

    private Signatures() {}

    /** The HMAC-SHA256 of a body, in hexadecimal digits. */
    static String hex(String secret, String body) {
        return HexFormat.of()
                .formatHex(hmac(secret.getBytes(StandardCharsets.UTF_8), body.getBytes(StandardCharsets.UTF_8)));
    }

    /** What Standard Webhooks signs with a key: id, time and body. */
    static String timed(String key, String id, long seconds, byte[] body) {
        byte[] first = (id + "." + seconds + ".").getBytes(StandardCharsets.UTF_8);
        byte[] all = new byte[first.length + body.length];
        System.arraycopy(first, 0, all, 0, first.length);
        System.arraycopy(body, 0, all, first.length, body.length);
        byte[] secret = Base64.getDecoder().decode(key.substring("whsec_".length()));
        return Base64.getEncoder().encodeToString(hmac(secret, all));
    }

    private static byte[] hmac(byte[] key, byte[] text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(text);
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }
}
