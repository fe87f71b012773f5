package dev.flujo.core.plan.shape;

/**
 * One key of a mapping.
 *
 * @param says what it says, and its limits; the words of the reference
 * @param otherwise what holds without it
 * @param hint what to write where a required key is missing
 */
public record Key(String name, Shape shape, String otherwise, String says, boolean required, String hint) {

    static Key of(String name, Shape shape, String otherwise, String says) {
        return new Key(name, shape, otherwise, says, false, "");
    }

    static Key required(String name, Shape shape, String says, String hint) {
        return new Key(name, shape, "required", says, true, hint);
    }
}
