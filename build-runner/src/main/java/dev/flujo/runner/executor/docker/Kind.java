package dev.flujo.runner.executor.docker;

/**
 * What containers have in common that may stand in for each other: how much of the machine they get can still be changed.
 *
 * @param image the id of the image
 * @param network the network's name, or {@code none}
 */
record Kind(String image, String network) {

    /** The name of the network of containers that reach nothing. */
    static final String NO_NETWORK = "none";
}
