package dev.flujo.pipeline.api;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * Where the next page of one list begins, as callers pass it back. A check sum over the list and its filters makes another
 * list's cursor, or a made-up one, a bad request. It grants nothing: whoever may ask for the list may see all of it.
 */
final class Cursor {

    private static final int CHECK = 12;
    private static final String SEPARATOR = "\n";

    private Cursor() {}

    static String of(String list, String... place) {
        String text = String.join(SEPARATOR, place);
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString((check(list, text) + text).getBytes(StandardCharsets.UTF_8));
    }

    /** The place that the cursor names; none if there is no cursor. */
    static Optional<List<String>> place(String list, String cursor, int parts) {
        if (cursor == null) {
            return Optional.empty();
        }
        try {
            String decoded = new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8);
            String text = decoded.substring(Math.min(CHECK, decoded.length()));
            List<String> place = List.of(text.split(SEPARATOR, -1));
            if (!decoded.startsWith(check(list, text)) || place.size() != parts) {
                throw foreign();
            }
            return Optional.of(place);
        } catch (IllegalArgumentException e) {
            throw foreign();
        }
    }

    private static RuntimeException foreign() {
        return Inputs.bad("Expected the cursor that an earlier page of the same list gave, but it is another;"
                + " begin without one");
    }

    private static String check(String list, String text) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            byte[] hash = digest.digest((list + "\0" + text).getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash).substring(0, CHECK);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }
}
