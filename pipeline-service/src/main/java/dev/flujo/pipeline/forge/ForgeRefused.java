package dev.flujo.pipeline.forge;

/** A forge says no to what it was asked or told. */
public final class ForgeRefused extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final int status;

    ForgeRefused(String message, int status) {
        super(message);
        this.status = status;
    }

    /** The status of its answer. */
    int status() {
        return status;
    }
}
