package dev.flujo.deploy.target.kubernetes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.flujo.deploy.NotApplied;
import dev.flujo.deploy.Target.Serving;
import dev.flujo.deploy.Target.Share;
import dev.flujo.deploy.Target.Version;
import dev.flujo.deploy.TestDesk;
import dev.flujo.deploy.rollout.Application;
import dev.flujo.deploy.rollout.Rollouts;
import dev.flujo.event.Work;
import dev.flujo.event.plan.Deploy;
import dev.flujo.kit.process.Failpoint;
import dev.flujo.stack.Await;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Blue-green and canary on a real API server: two versions beside each other, and who gets the traffic. */
class KubernetesStrategiesIT {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    private Path directory;

    private KubernetesGround ground;
    private KubernetesClient admin;
    private KubernetesTarget target;

    @BeforeEach
    void begin() {
        ground = new KubernetesGround(directory);
        admin = ground.cluster().admin();
        target = ground.target();
    }

    @Test
    void blueGreenKeepsTrafficOnTheOldVersionUntilTheNewOneIsPromoted() throws Exception {
        Version old = version(1, Strategies.blueGreen(), "well");
        target.scale(old, 1);
        ready(old);
        target.route(old, List.of(share(old, 100)));
        Version fresh = version(2, Strategies.blueGreen(), "well");

        target.scale(fresh, 1);
        ready(fresh);

        assertEquals(List.of("app-" + word(old), "app-" + word(fresh)), deployments(old, fresh));
        assertEquals(word(old), selector("app"));
        assertEquals("http://app-" + word(fresh) + "." + ground.namespace() + ".svc", target.preview(fresh));
        assertEquals(word(fresh), selector("app-" + word(fresh)));
        target.route(fresh, List.of(share(fresh, 100)));
        assertEquals(word(fresh), selector("app"));
        target.scale(old, 0);
        assertEquals(List.of("app-" + word(fresh)), deployments(fresh));
    }

    @Test
    void canaryWithoutAGatewaySharesByReplicas() throws Exception {
        Version old = version(1, Strategies.canary(4, 25), "well");
        target.scale(old, 4);
        ready(old);
        target.route(old, List.of(share(old, 100)));
        Version fresh = version(2, Strategies.canary(4, 25), "well");

        target.scale(fresh, 1);
        ready(fresh);
        assertEquals(word(old), selector("app"));
        target.route(fresh, List.of(share(fresh, 25), share(old, 75)));

        assertNull(selector("app"), "every ready pod of both has its part");
        assertTrue(Await.until(PATIENCE, () -> endpoints() == 5), () -> endpoints() + " endpoints");
    }

    @Test
    void canaryWithAGatewaySharesByWeights() throws Exception {
        gateway();
        Version old = version(1, Strategies.canary(1, 10), "well", Manifest.route("app"));
        target.scale(old, 1);
        ready(old);
        target.route(old, List.of(share(old, 100)));
        Version fresh = version(2, Strategies.canary(1, 10), "well", Manifest.route("app"));

        target.scale(fresh, 1);
        ready(fresh);
        target.route(fresh, List.of(share(fresh, 10), share(old, 90)));

        assertEquals(
                "[{name=app-%s, port=80, weight=10}, {name=app-%s, port=80, weight=90}]"
                        .formatted(word(fresh), word(old)),
                backends());
    }

    @Test
    void aWholeCanaryEndsWithTheNewVersionAlone() throws Exception {
        Serving first = apply(Strategies.canary(2, 50, 100), "well");

        Serving second = apply(Strategies.canary(2, 50, 100), "well");

        assertEquals(Optional.of(first.deployment()), second.previous());
        assertEquals(Marks.word(second.deployment()), selector("app"));
        assertEquals(
                1,
                admin.apps()
                        .deployments()
                        .inNamespace(ground.namespace())
                        .list()
                        .getItems()
                        .size());
    }

    @Test
    void aCanaryThatCrashesLeavesTheOldVersionAsItWas() throws Exception {
        Serving first = apply(Strategies.canary(2, 50, 100), "well");
        var before = admin.apps()
                .deployments()
                .inNamespace(ground.namespace())
                .list()
                .getItems();

        NotApplied refused = assertThrows(NotApplied.class, () -> apply(Strategies.canary(2, 50, 100), "crash"));

        assertTrue(refused.getMessage().contains("no database"), refused.getMessage());
        assertEquals(Marks.word(first.deployment()), selector("app"));
        var left = admin.apps()
                .deployments()
                .inNamespace(ground.namespace())
                .list()
                .getItems();
        assertEquals(1, left.size());
        assertEquals(before.get(0).getSpec(), left.get(0).getSpec());
    }

    @Test
    void aRollingVersionCanBeFollowedByACanaryAndBack() throws Exception {
        apply(Strategies.rolling(2), "well");
        Serving canary = apply(Strategies.canary(2, 50, 100), "well");
        assertEquals(Marks.word(canary.deployment()), selector("app"));

        Serving rolling = apply(Strategies.rolling(2), "well");

        assertEquals(Optional.of(canary.deployment()), rolling.previous());
        assertEquals(
                1,
                admin.apps()
                        .deployments()
                        .inNamespace(ground.namespace())
                        .list()
                        .getItems()
                        .size());
        assertTrue(Await.until(PATIENCE, () -> endpoints() == 2), () -> endpoints() + " endpoints");
    }

    @Test
    void whatCannotBeThereTwiceIsRefused() {
        NotApplied refused = assertThrows(
                NotApplied.class,
                () -> apply(ground.work("c1", Strategies.blueGreen(), PATIENCE, Manifest.others("1"))));

        assertTrue(refused.getMessage().contains("StatefulSet store"), refused.getMessage());
    }

    private Version version(long fence, Deploy.Rollout rollout, String like, String... more) {
        String[] manifests = new String[2 + more.length];
        manifests[0] = Manifest.deployment("app", like);
        manifests[1] = Manifest.service("app");
        System.arraycopy(more, 0, manifests, 2, more.length);
        return new Version(UUID.randomUUID(), ground.work("c" + fence, rollout, PATIENCE, manifests), fence);
    }

    private Serving apply(Deploy.Rollout rollout, String like) throws Exception {
        return apply(ground.work("c1", rollout, PATIENCE, Manifest.deployment("app", like), Manifest.service("app")));
    }

    private Serving apply(Work work) throws Exception {
        return new Rollouts(
                        directory, target, Optional.empty(), Failpoint.armed(Optional.empty()), TestDesk.in(directory))
                .apply(new Application(UUID.randomUUID(), work, line -> {}, Optional::empty));
    }

    private void ready(Version version) {
        assertTrue(Await.until(PATIENCE, () -> {
            try {
                return target.condition(version).allReady();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }));
    }

    private void gateway() throws IOException {
        try (InputStream definitions = getClass().getResourceAsStream("gateway.yml")) {
            admin.load(definitions).serverSideApply();
        }
        assertTrue(Await.until(PATIENCE, () -> admin.hasApiGroup("gateway.networking.k8s.io", true)));
    }

    private String backends() {
        GenericKubernetesResource route = admin.genericKubernetesResources(Kind.HTTP_ROUTE.context())
                .inNamespace(ground.namespace())
                .withName("app")
                .get();
        return route.get("spec", "rules", 0, "backendRefs").toString();
    }

    private int endpoints() {
        return admin
                .discovery()
                .v1()
                .endpointSlices()
                .inNamespace(ground.namespace())
                .withLabel("kubernetes.io/service-name", "app")
                .list()
                .getItems()
                .stream()
                .mapToInt(slice -> (int) slice.getEndpoints().stream()
                        .filter(endpoint -> endpoint.getConditions().getReady())
                        .count())
                .sum();
    }

    private String selector(String service) {
        return admin.services()
                .inNamespace(ground.namespace())
                .withName(service)
                .get()
                .getSpec()
                .getSelector()
                .get(Marks.VERSION);
    }

    private List<String> deployments(Version... order) {
        TreeSet<String> names = new TreeSet<>((one, other) -> {
            List<String> words = List.of(order).stream()
                    .map(version -> "app-" + word(version))
                    .toList();
            return Integer.compare(words.indexOf(one), words.indexOf(other));
        });
        admin.apps()
                .deployments()
                .inNamespace(ground.namespace())
                .list()
                .getItems()
                .forEach(deployment -> names.add(deployment.getMetadata().getName()));
        return List.copyOf(names);
    }

    private static String word(Version version) {
        return Marks.word(version.deployment());
    }

    private static Share share(Version version, int weight) {
        return new Share(version.deployment(), weight);
    }
}
