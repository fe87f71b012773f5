package dev.flujo.deploy.config;

import dev.flujo.event.ConfigEvent;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What an application is given: the text of each file by its name, settings and secrets apart.
 *
 * @param mark another one whenever anything in it is another version; says nothing of the values
 * @param items the versions of all that is in it
 * @param hasSecrets whether there are or were any
 */
public record Config(
        String mark,
        List<ConfigEvent.Item> items,
        SortedMap<String, String> settings,
        SortedMap<String, String> secrets,
        boolean hasSecrets) {

    /** What the file of a former version is called, behind the name. */
    static final String FORMER = ".former";

    private static final int MARK_DIGITS = 16;

    public Config {
        items = List.copyOf(items);
        settings = Collections.unmodifiableSortedMap(new TreeMap<>(settings));
        secrets = Collections.unmodifiableSortedMap(new TreeMap<>(secrets));
    }

    /** The mark of these versions. */
    static String mark(String versions) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(versions.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash).substring(0, MARK_DIGITS);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }

    /** Without the values. */
    @Override
    public String toString() {
        return "config " + mark + " of " + items;
    }
}
