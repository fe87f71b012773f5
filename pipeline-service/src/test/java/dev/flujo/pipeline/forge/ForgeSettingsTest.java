package dev.flujo.pipeline.forge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ForgeSettingsTest {

    @Test
    void areReadFromTheEnvironment() {
        ForgeSettings settings = ForgeSettingsFixture.ofEnvironment(Map.of(
                "FLUJO_FORGES_BITBUCKET_SERVER_URL", "http://bitbucket.internal/rest",
                "FLUJO_FORGES_BITBUCKET_SERVER_PRIVATE_NETWORK", "true",
                "FLUJO_FORGES_BITBUCKET_SERVER_TOKEN_FILE", "/run/secrets/bitbucket",
                "FLUJO_FORGES_BITBUCKET_SERVER_REPOSITORIES", "shop=ACME/shop,web.site=ACME/web",
                "FLUJO_FORGES_GITLAB_WEBHOOK_SECRET_FILE", "/run/secrets/gitlab",
                "FLUJO_FORGES_GITLAB_PEOPLE", "ada,bob"));

        ForgeConfig.One server = settings.of("bitbucket-server");
        assertEquals(Optional.of(URI.create("http://bitbucket.internal/rest")), server.url());
        assertTrue(server.privateNetwork());
        assertEquals(Optional.of(Path.of("/run/secrets/bitbucket")), server.tokenFile());
        assertEquals(
                Optional.of(new Repository("web.site", "bitbucket-server", "ACME/web")),
                settings.repository("web.site"));
        assertEquals(
                Optional.of(Path.of("/run/secrets/gitlab")),
                settings.of("gitlab").webhookSecretFile());
        assertEquals(Optional.of(List.of("ada", "bob")), settings.of("gitlab").people());
        assertEquals(2, settings.repositories().size());
    }

    @Test
    void giveAProjectItsOwnToken() {
        ForgeSettings settings = ForgeSettingsFixture.of(Map.of("flujo.forges.github.token-files.web-shop", "/token"));

        assertEquals(
                Map.of("web-shop", Path.of("/token")), settings.of("github").tokenFiles());
    }

    @Test
    void sayWhatIsWrongWithARepository() {
        for (String wrong :
                List.of("shop", "shop=", "shop=acme", "=acme/shop", "shop=acme/../x", "shop=a b/c", "s/x=a/b")) {
            IllegalArgumentException refused = assertThrows(
                    IllegalArgumentException.class,
                    () -> ForgeSettingsFixture.of(Map.of("flujo.forges.github.repositories", wrong)),
                    wrong);
            assertTrue(refused.getMessage().contains("flujo.forges.github"), refused.getMessage());
        }
        assertThrows(
                IllegalArgumentException.class,
                () -> ForgeSettingsFixture.of(Map.of(
                        "flujo.forges.github.repositories", "shop=acme/shop",
                        "flujo.forges.gitlab.repositories", "shop=acme/shop")));
        assertEquals(
                "group/sub/shop",
                ForgeSettingsFixture.of(Map.of("flujo.forges.gitlab.repositories", "shop=group/sub/shop"))
                        .repository("shop")
                        .orElseThrow()
                        .path());
    }
}
