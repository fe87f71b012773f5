package dev.flujo.kit.auth;

import java.util.Set;

/** Who a request comes from, and what the token allows: the scopes {@code read}, {@code write}, {@code admin}. */
public record Caller(String name, Set<String> scopes) {

    public Caller {
        scopes = Set.copyOf(scopes);
    }
}
