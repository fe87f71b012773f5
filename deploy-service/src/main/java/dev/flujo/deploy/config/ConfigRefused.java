package dev.flujo.deploy.config;

/** What somebody wants of a setting or secret that cannot be; the message says why, and never a value. */
public final class ConfigRefused extends Exception {

    private static final long serialVersionUID = 1L;

    ConfigRefused(String message) {
        super(message);
    }
}
