package dev.flujo.pipeline.forge;

/** The history does not have yet what is to be told. */
final class NotYet extends RuntimeException {

    private static final long serialVersionUID = 1L;

    NotYet(String message) {
        super(message);
    }
}
