package dev.flujo.pipeline.forge;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** Forges whose only project is {@code shop}, the repository {@code acme/shop}. */
final class ForgesFixture {

    static final String TOKEN = "token-of-the-tests";

    private ForgesFixture() {}

    /** The one of a kind, at this address in a private network. */
    static Forges at(String forge, URI url, Path directory) {
        return at(forge, url, directory, Map.of());
    }

    /** The same with other settings. */
    static Forges at(String forge, URI url, Path directory, Map<String, String> others) {
        String prefix = "flujo.forges." + forge + ".";
        Map<String, String> properties = new HashMap<>(Map.of(
                prefix + "url",
                url.toString(),
                prefix + "private-network",
                "true",
                prefix + "repositories",
                "shop=acme/shop",
                prefix + "token-file",
                file(directory, TOKEN).toString()));
        others.forEach((name, value) -> properties.put(prefix + name, value));
        return new Forges(
                ForgeSettingsFixture.of(properties), new ObjectMapper(), Clock.systemUTC(), Duration.ofMillis(500));
    }

    static Path file(Path directory, String token) {
        try {
            return Files.writeString(directory.resolve("token"), token + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
