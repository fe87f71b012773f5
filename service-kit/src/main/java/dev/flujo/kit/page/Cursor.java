package dev.flujo.kit.page;

import dev.flujo.kit.problem.CommonProblem;
import dev.flujo.kit.problem.Problem;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Where the next page of one list begins, as callers pass it back. A check sum over the list and its filters makes another
 * list's cursor, or a made-up one, a bad request. It grants nothing: whoever may ask for the list may see all of it.
 */
public final class Cursor {

    private static final int CHECK = 12;
    private static final String SEPARATOR = "&";

    private Cursor() {}

    /** The cursor of a place in a list, whatever texts name it. */
    public static String of(String list, String... place) {
        String text = Arrays.stream(place)
                .map(part -> URLEncoder.encode(part, StandardCharsets.UTF_8))
                .collect(Collectors.joining(SEPARATOR));
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString((check(list, text) + text).getBytes(StandardCharsets.UTF_8));
    }

    /**
     * The place that the cursor names, read from the texts that it was made of; none if there is no cursor.
     *
     * @throws Problem (400) if it is no cursor of this list
     */
    public static <T> Optional<T> place(String list, String cursor, Function<List<String>, T> read) {
        if (cursor == null) {
            return Optional.empty();
        }
        try {
            String decoded = new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8);
            String text = decoded.substring(CHECK);
            if (!decoded.startsWith(check(list, text))) {
                throw new IllegalArgumentException("it is another list's");
            }
            return Optional.of(read.apply(Arrays.stream(text.split(SEPARATOR, -1))
                    .map(part -> URLDecoder.decode(part, StandardCharsets.UTF_8))
                    .toList()));
        } catch (RuntimeException e) {
            // Whatever is wrong with a text from outside, it is not what a page has given.
            throw new Problem(
                    CommonProblem.BAD_REQUEST,
                    "Expected the cursor that an earlier page of the same list gave, but it is another; begin without"
                            + " one",
                    e);
        }
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
