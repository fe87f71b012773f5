package dev.flujo.stack;

/** Something on this machine stands in the way; the message says in one sentence what to do. */
public final class StackException extends RuntimeException {

    public StackException(String message) {
        super(message);
    }

    public StackException(String message, Throwable cause) {
        super(message, cause);
    }
}
