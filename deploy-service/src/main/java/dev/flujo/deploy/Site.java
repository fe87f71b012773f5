package dev.flujo.deploy;

import java.util.Objects;

/** A namespace of a cluster: one of the places that a deployment comes to. */
public record Site(String cluster, String namespace) {

    public Site {
        Objects.requireNonNull(cluster, "cluster");
        Objects.requireNonNull(namespace, "namespace");
    }

    @Override
    public String toString() {
        return cluster + "/" + namespace;
    }
}
