package dev.flujo.rules;

import dev.flujo.e2e.Machine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The versions that the POMs name, which everything else has to follow. */
final class Versions {

    private Versions() {}

    /** The version of this checkout. */
    static String project() {
        return found("pom.xml", "<artifactId>flujo</artifactId>\\s*<version>(.*?)</version>");
    }

    /** The version of the broker that all tests run against. */
    static String kafka() {
        return found(
                "local-stack/kafka-server/pom.xml", "<artifactId>kafka_2.13</artifactId>\\s*<version>(.*?)</version>");
    }

    /** The version of the database that all tests run against. */
    static String cassandra() {
        return found(
                "local-stack/cassandra-server/pom.xml",
                "<artifactId>cassandra-all</artifactId>\\s*<version>(.*?)</version>");
    }

    /** A property of the parent POM. */
    static String property(String name) {
        return found("pom.xml", "<" + Pattern.quote(name) + ">(.*?)<");
    }

    private static String found(String pom, String pattern) {
        try {
            Matcher matcher = Pattern.compile(pattern)
                    .matcher(Files.readString(Machine.checkout().resolve(pom)));
            if (!matcher.find()) {
                throw new AssertionError("Expected " + pattern + " in " + pom + ", but it is not there");
            }
            return matcher.group(1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
