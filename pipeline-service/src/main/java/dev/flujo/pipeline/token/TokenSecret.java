package dev.flujo.pipeline.token;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The text of a token: {@code flujo_<id>_<secret>}, with 32 random bytes as the secret. */
public final class TokenSecret {

    private static final Pattern FORM = Pattern.compile("flujo_([0-9a-f]{16})_[0-9a-f]{64}");
    private static final SecureRandom RANDOM = new SecureRandom();

    private TokenSecret() {}

    /** A new one. */
    public static String create() {
        return "flujo_" + random(8) + "_" + random(32);
    }

    /** The id in the token's text; none if it is no text of ours. */
    public static Optional<String> id(String token) {
        Matcher matcher = FORM.matcher(token);
        return matcher.matches() ? Optional.of(matcher.group(1)) : Optional.empty();
    }

    /** What is kept of a token. A plain hash is enough, because nobody can guess the secret. */
    public static String hash(String token) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(digest.digest(token.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }

    static boolean sameHash(String one, String other) {
        return MessageDigest.isEqual(
                one.getBytes(StandardCharsets.US_ASCII), other.getBytes(StandardCharsets.US_ASCII));
    }

    private static String random(int bytes) {
        byte[] random = new byte[bytes];
        RANDOM.nextBytes(random);
        return HexFormat.of().formatHex(random);
    }
}
