package dev.flujo.kit.auth;

import java.util.Set;

/**
 * Who a request comes from, what the token allows (the scopes {@code read}, {@code write}, {@code admin}), and the groups that
 * this person belongs to.
 */
public record Caller(String name, Set<String> scopes, Set<String> groups) {

    /** The attribute of a security identity that holds the groups. */
    public static final String GROUPS = "groups";

    public Caller {
        scopes = Set.copyOf(scopes);
        groups = Set.copyOf(groups);
    }

    /** Somebody who belongs to no group. */
    public Caller(String name, Set<String> scopes) {
        this(name, scopes, Set.of());
    }
}
