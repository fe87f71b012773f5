package dev.flujo.runner.executor.docker;

/**
 * What containers have in common that may stand in for each other: how much of the machine they get can still be changed.
 *
 * @param image the id of the image
 * @param network the network's name, {@code none}, {@code own} for one that nobody else is in, or {@code container:NAME} for the
 *     place of another container
 */
record Kind(String image, String network) {

    /** The name of the network of containers that reach nothing. */
    static final String NO_NETWORK = "none";

    /** Stands for a network of the container's own, which has its name. */
    static final String OWN_NETWORK = "own";

    private static final String OF_ANOTHER = "container:";

    /** The same, in the place that another container has in a network. */
    Kind beside(String container) {
        return new Kind(image, OF_ANOTHER + container);
    }

    /** The same, in this network. */
    Kind in(String name) {
        return new Kind(image, name);
    }

    boolean alone() {
        return network.equals(OWN_NETWORK);
    }

    boolean besideAnother() {
        return network.startsWith(OF_ANOTHER);
    }
}
