package dev.flujo.deploy.target.kubernetes;

import dev.flujo.deploy.Environment;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** Where an environment of a project is: a namespace of a cluster. */
record Place(Environment environment, String cluster, String namespace) {

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]*");
    private static final Pattern NAMESPACE = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");
    private static final int DIGITS = 10;
    private static final int SPOKEN = 40;

    Place {
        checkNames(environment);
        if (!NAMESPACE.matcher(namespace).matches()) {
            throw new IllegalArgumentException("Expected the name of a namespace, but found '" + namespace + "'");
        }
    }

    /** @throws IllegalArgumentException if one is not made like the name of a project or an environment */
    static void checkNames(Environment environment) {
        for (String name : List.of(environment.project(), environment.name())) {
            if (!NAME.matcher(name).matches()) {
                throw new IllegalArgumentException(
                        "Expected the names of a project and an environment, but found '" + name + "'");
            }
        }
    }

    /** The namespace of an environment whose pipeline names none. */
    static String defaultNamespace(Environment environment) {
        return spoken(environment.project() + "-" + environment.name());
    }

    /** What marks every object of the environment; names that differ only in what Kubernetes allows no names get another. */
    String label() {
        return defaultNamespace(environment) + "-" + digest(environment.toString());
    }

    /** The name of the object that says what is there. */
    String inventoryName() {
        return "flujo-" + label();
    }

    /** The name of the objects with the environment's settings and secrets. */
    String configName() {
        return inventoryName() + ".config";
    }

    private static String spoken(String text) {
        String clean = text.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-");
        String shortened = clean.substring(0, Math.min(clean.length(), SPOKEN));
        return shortened.replaceAll("^-+|-+$", "");
    }

    private static String digest(String text) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash).substring(0, DIGITS);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }
}
