package dev.flujo.runner.log;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/**
 * Replaces secrets in text: as they are, each of their lines, and as base64 or a URL writes them, also inside of something
 * longer. A log is passed on in whole lines, so none is split. What is turned into anything else, such as hexadecimal or backwards,
 * is not found; a secret or line of fewer than eight characters is not looked for, since masks of short words hide what is none.
 */
public final class SecretMask {

    /** What stands in a secret's place. */
    public static final String MASK = "***";

    /** The fewest characters that are looked for. */
    public static final int SHORTEST = 8;

    /** Masks nothing. */
    public static final SecretMask NONE = new SecretMask(List.of());

    /** The longest first: one that is part of another does not leave the rest of it. */
    private final List<String> words;

    private SecretMask(List<String> words) {
        this.words = words;
    }

    /** Masks these secrets. */
    public static SecretMask of(Collection<String> secrets) {
        Set<String> words = new TreeSet<>();
        for (String secret : secrets) {
            List<String> parts =
                    new ArrayList<>(secret.lines().map(String::strip).toList());
            parts.add(secret.strip());
            parts.stream().filter(part -> part.length() >= SHORTEST).forEach(part -> words.addAll(forms(part)));
        }
        return new SecretMask(words.stream()
                .filter(word -> word.length() >= SHORTEST)
                .sorted(Comparator.comparingInt(String::length).reversed())
                .toList());
    }

    /** The text without secrets; it has as many lines as before. */
    public String apply(String text) {
        String masked = text;
        for (String word : words) {
            if (masked.contains(word)) {
                masked = masked.replace(word, MASK + "\n".repeat((int) lineEnds(word)));
            }
        }
        return masked;
    }

    private static long lineEnds(String word) {
        return word.chars().filter(c -> c == '\n').count();
    }

    private static Set<String> forms(String secret) {
        Set<String> forms = new TreeSet<>();
        forms.add(secret);
        String encoded = URLEncoder.encode(secret, StandardCharsets.UTF_8);
        forms.add(encoded);
        forms.add(encoded.replace("+", "%20"));
        forms.add(lowerEscapes(encoded));
        forms.add(lowerEscapes(encoded).replace("+", "%20"));
        byte[] bytes = secret.getBytes(StandardCharsets.UTF_8);
        for (int before = 0; before < 3; before++) {
            String inside = base64(bytes, before);
            forms.add(inside);
            forms.add(inside.replace('+', '-').replace('/', '_'));
        }
        return forms;
    }

    /** How base64 writes the bytes with so many others before them, without what also depends on those beside them. */
    private static String base64(byte[] bytes, int before) {
        byte[] shifted = new byte[before + bytes.length];
        System.arraycopy(bytes, 0, shifted, before, bytes.length);
        String whole = Base64.getEncoder().withoutPadding().encodeToString(shifted);
        int first = (before * 8 + 5) / 6;
        int last = shifted.length * 8 / 6;
        return whole.substring(first, Math.max(first, last));
    }

    private static String lowerEscapes(String encoded) {
        StringBuilder text = new StringBuilder(encoded);
        for (int i = text.indexOf("%"); i >= 0; i = text.indexOf("%", i + 1)) {
            text.replace(i, i + 3, text.substring(i, i + 3).toLowerCase(Locale.ROOT));
        }
        return text.toString();
    }
}
