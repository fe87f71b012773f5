package dev.flujo.pipeline.token;

import java.util.Set;
import java.util.TreeSet;

/** What a token allows; a scope holds the smaller ones. */
public final class Scope {

    public static final String READ = "read";
    public static final String WRITE = "write";
    public static final String ADMIN = "admin";

    /** All of them. */
    public static final Set<String> ALL = Set.of(READ, WRITE, ADMIN);

    private Scope() {}

    /** These scopes with the smaller ones that they hold. */
    static Set<String> expanded(Set<String> scopes) {
        Set<String> all = new TreeSet<>(scopes);
        if (all.contains(ADMIN)) {
            all.add(WRITE);
        }
        if (all.contains(WRITE)) {
            all.add(READ);
        }
        return all;
    }
}
