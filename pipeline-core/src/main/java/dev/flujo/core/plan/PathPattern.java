package dev.flujo.core.plan;

import java.util.List;
import java.util.Optional;

/** Checks patterns of files: relative to the workspace, never out of it, {@code *}, {@code **} and {@code ?}. */
final class PathPattern {

    private static final String REFUSED = "\\[]{}!";

    private PathPattern() {}

    /** What is wrong with the pattern, as the second half of a sentence. */
    static Optional<String> refusal(String pattern) {
        if (pattern.startsWith("/") || pattern.matches("[A-Za-z]:.*")) {
            return Optional.of("is absolute; write it relative to the workspace");
        }
        if (pattern.startsWith("~")) {
            return Optional.of("leads to a home directory; write it relative to the workspace");
        }
        if (Characters.firstHidden(pattern).isPresent()) {
            return Optional.of("has an invisible character; remove it");
        }
        if (pattern.chars().anyMatch(c -> REFUSED.indexOf(c) >= 0)) {
            return Optional.of("has one of the characters `\\ [ ] { } !`; use `*`, `**` and `?`");
        }
        List<String> segments = List.of(pattern.split("/", -1));
        if (segments.contains("..")) {
            return Optional.of("leads out of the workspace; write it without `..`");
        }
        if (segments.get(0).equals(".git")) {
            return Optional.of("leads into git's own directory; name files of the work");
        }
        if (segments.contains(".") || segments.contains("")) {
            return Optional.of("is not in its shortest form; write it without `.`, `//` and a `/` at its end");
        }
        return Optional.empty();
    }

    /** The same without what is too much, if that is all that is wrong. */
    static Optional<String> meant(String pattern) {
        String shorter = pattern.replaceAll("/{2,}", "/").replaceAll("^(\\./)+", "");
        String whole = shorter.endsWith("/") ? shorter + "**" : shorter;
        return Optional.of(whole.equals(".") ? "**" : whole)
                .filter(other -> !other.equals(pattern) && refusal(other).isEmpty());
    }
}
