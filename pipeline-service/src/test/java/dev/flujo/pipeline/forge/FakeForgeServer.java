package dev.flujo.pipeline.forge;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;

/** A fake Gitea that the service under test is configured for, with projects that no other test has. */
public final class FakeForgeServer implements QuarkusTestResourceLifecycleManager {

    /** A project that is the repository {@code acme/shop}. */
    public static final String SHOP = "forge-shop-" + UUID.randomUUID();

    /** A project that is the repository {@code acme/asked}. */
    public static final String ASKED = "forge-asked-" + UUID.randomUUID();

    /** A project that is the repository {@code acme/lost}. */
    static final String LOST = "forge-lost-" + UUID.randomUUID();

    /** A project that is the repository {@code acme/crash}. */
    static final String CRASH = "forge-crash-" + UUID.randomUUID();

    private static volatile FakeForge forge;

    private Path token;

    /** What the service under test believes to be Gitea. */
    public static FakeForge forge() {
        return forge;
    }

    @Override
    public Map<String, String> start() {
        forge = new FakeForge();
        try {
            token = Files.writeString(Files.createTempFile("forge", "token"), ForgesFixture.TOKEN);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Map.of(
                "flujo.reconciliation.every",
                "1s",
                "flujo.forge-calls.patience",
                "1s",
                "flujo.public-url",
                "https://flujo.example.com",
                "flujo.forges.gitea.url",
                forge.url().toString(),
                "flujo.forges.gitea.private-network",
                "true",
                "flujo.forges.gitea.people",
                "ada",
                "flujo.forges.gitea.token-file",
                token.toString(),
                "flujo.forges.gitea.repositories",
                SHOP + "=acme/shop," + ASKED + "=acme/asked," + LOST + "=acme/lost," + CRASH + "=acme/crash");
    }

    @Override
    public void stop() {
        forge.close();
        try {
            Files.deleteIfExists(token);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
