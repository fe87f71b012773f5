package dev.flujo.pipeline.forge;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A repository of a forge, and the project that it is. */
public record Repository(String project, String forge, String path) {

    private static final Pattern FORM = Pattern.compile(
            "([A-Za-z0-9][A-Za-z0-9._-]{0,62})=(~?[A-Za-z0-9_][A-Za-z0-9._-]*(?:/[A-Za-z0-9_.][A-Za-z0-9._-]*)+)");

    /**
     * Reads {@code project=owner/repository}.
     *
     * @throws IllegalArgumentException if it is not of that form
     */
    static Repository of(String forge, String text) {
        Matcher form = FORM.matcher(text);
        if (!form.matches() || form.group(2).contains("..")) {
            throw new IllegalArgumentException("Expected project=owner/repository in the repositories of flujo.forges."
                    + forge + ", but it is '" + text + "'");
        }
        return new Repository(form.group(1), forge, form.group(2));
    }

    /** The owner: the part before the last slash. */
    String owner() {
        return path.substring(0, path.lastIndexOf('/'));
    }

    /** The name: the part after the last slash. */
    String name() {
        return path.substring(path.lastIndexOf('/') + 1);
    }
}
