package dev.flujo.runner.checkout;

/** The commit could not be brought into the workspace; the message says why, and what to do. */
public final class CheckoutException extends Exception {

    public CheckoutException(String message) {
        super(message);
    }
}
