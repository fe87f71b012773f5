package dev.flujo.deploy.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.flujo.deploy.Site;
import dev.flujo.deploy.Waves;
import dev.flujo.event.plan.Deploy;
import dev.flujo.event.plan.HealthCheck;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SiteViewTest {

    private static final Site OWN = new Site("eu-1", "shop");

    @Test
    void listsTheSitesWaveByWaveAndWhatAWaveDoesNotSayIsTheDeploymentsOwn() {
        Deploy.Wave europe = wave("europe", List.of("eu-1", "eu-2"), List.of());
        Deploy.Wave more = wave("more", List.of(), List.of("shop", "reserve"));

        assertEquals(
                List.of(
                        new SiteView("europe", "eu-1", "shop"),
                        new SiteView("europe", "eu-2", "shop"),
                        new SiteView("more", "eu-1", "reserve")),
                SiteView.of(Waves.of(deploy(europe, more), OWN)));
    }

    @Test
    void aDeploymentWithoutWavesHasOneSite() {
        assertEquals(List.of(new SiteView(null, "eu-1", "shop")), SiteView.of(Waves.of(deploy(), OWN)));
    }

    @Test
    void thereAreNoneWithoutClusters() {
        assertNull(SiteView.of(new Waves(List.of(new Waves.Group(Optional.empty(), List.of())))));
    }

    private static Deploy deploy(Deploy.Wave... waves) {
        return new Deploy(
                "production",
                "build",
                "",
                new HealthCheck("/health", Duration.ofSeconds(30)),
                Optional.empty(),
                new Deploy.Rollout(1, Deploy.Strategy.ROLLING, List.of(), true, List.of(waves)));
    }

    private static Deploy.Wave wave(String name, List<String> clusters, List<String> namespaces) {
        return new Deploy.Wave(name, clusters, namespaces, Duration.ZERO, false);
    }
}
