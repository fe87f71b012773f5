package dev.flujo.runner.executor;

/** The job asks for something that nobody may have, or that is not there; the message says what, and what to do. */
public final class RefusedException extends Exception {

    public RefusedException(String message) {
        super(message);
    }
}
