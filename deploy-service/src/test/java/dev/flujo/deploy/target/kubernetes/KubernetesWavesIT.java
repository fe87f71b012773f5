package dev.flujo.deploy.target.kubernetes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.flujo.deploy.Environment;
import dev.flujo.deploy.NotApplied;
import dev.flujo.deploy.Target.Serving;
import dev.flujo.deploy.TestDesk;
import dev.flujo.deploy.rollout.Application;
import dev.flujo.deploy.rollout.RollBack;
import dev.flujo.deploy.rollout.Rollouts;
import dev.flujo.event.DriftEvent.DriftDetected;
import dev.flujo.event.Work;
import dev.flujo.event.plan.Deploy;
import dev.flujo.kit.process.Failpoint;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Waves over namespaces of a real API server, which is two clusters by the names of its kubeconfig files. */
class KubernetesWavesIT {

    private static final int KILLED = 137;
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Environment PRODUCTION = new Environment(KubernetesGround.PROJECT, "production");

    @TempDir
    private Path directory;

    private KubernetesGround ground;
    private KubernetesClient admin;
    private KubernetesTarget target;
    private Path kubeconfig;
    private String first;
    private String second;
    private String third;

    @BeforeEach
    void begin() throws IOException {
        ground = new KubernetesGround(directory);
        admin = ground.cluster().admin();
        first = ground.namespace();
        second = ground.cluster().namespace();
        third = ground.cluster().namespace();
        Path clusters = Files.createDirectories(directory.resolve("clusters"));
        kubeconfig = Files.copy(ground.cluster().kubeconfig(), clusters.resolve("eu-1"));
        Files.copy(ground.cluster().kubeconfig(), clusters.resolve("us-1"));
        target = ground.target(kubeconfig, Duration.ofSeconds(20));
    }

    @Test
    void reachesEveryNamespaceOfEveryCluster() throws Exception {
        Serving serving = apply(work("c1", Deploy.Strategy.ROLLING));

        assertEquals("http://app." + first + ".svc", serving.address());
        assertEquals(Optional.of(serving), target.serving(PRODUCTION));
        assertTrue(target.live(PRODUCTION));
        for (String namespace : List.of(first, second, third)) {
            assertEquals(serving.deployment().toString(), annotation(namespace), namespace);
        }
    }

    @Test
    void aCanaryGoesThroughItsStepsInBothNamespacesOfAWaveAtTheSameTime() throws Exception {
        Deploy.Strategy canary = Strategies.canary(2, 50, 100).strategy();
        List<String> lines = new ArrayList<>();
        apply(work("c1", canary));

        Serving serving =
                rollouts().apply(new Application(UUID.randomUUID(), work("c2", canary), lines::add, Optional::empty));

        assertTrue(
                lines.contains("stage 1 of 5: wave 'europe': 1 healthy, 50 % of the traffic in eu-1/" + first
                        + ", eu-1/" + second),
                lines.toString());
        for (String namespace : List.of(first, second, third)) {
            assertEquals(
                    Marks.word(serving.deployment()),
                    admin.services()
                            .inNamespace(namespace)
                            .withName("app")
                            .get()
                            .getSpec()
                            .getSelector()
                            .get(Marks.VERSION),
                    namespace);
        }
    }

    @Test
    void whatFailsInTheSecondWaveIsTakenBackInTheFirst() throws Exception {
        Serving serving = apply(work("c1", Deploy.Strategy.ROLLING));
        admin.resource(Manifest.configMap("settings", "theirs"))
                .inNamespace(third)
                .create();

        NotApplied refused = assertThrows(
                NotApplied.class,
                () -> apply(work("c2", Deploy.Strategy.ROLLING, Manifest.configMap("settings", "ours"))));

        assertTrue(refused.getMessage().startsWith("wave 'world': us-1/" + third + ": "), refused.getMessage());
        assertTrue(refused.getMessage().contains("somebody else has made it"), refused.getMessage());
        assertEquals(Optional.of(serving), target.serving(PRODUCTION));
        for (String namespace : List.of(first, second, third)) {
            assertEquals(serving.deployment().toString(), annotation(namespace), namespace);
        }
    }

    @Test
    void aRollbackReachesAllOfThem() throws Exception {
        Serving before = apply(work("c1", Deploy.Strategy.ROLLING));
        Serving bad = apply(work("c2", Deploy.Strategy.ROLLING));

        rollouts()
                .carryOut(
                        new RollBack(
                                UUID.randomUUID(),
                                PRODUCTION,
                                before.deployment(),
                                bad.deployment(),
                                "ana",
                                Optional.empty(),
                                Instant.now()),
                        line -> {});

        for (String namespace : List.of(first, second, third)) {
            assertEquals(before.deployment().toString(), annotation(namespace), namespace);
        }
    }

    @Test
    void driftIsToldWithItsClusterAndNamespace() throws Exception {
        apply(work("c1", Deploy.Strategy.ROLLING));
        admin.apps().deployments().inNamespace(third).withName("app").scale(5);
        List<DriftDetected> told = new ArrayList<>();

        rollouts().lookForDrift(told::add);

        assertEquals(
                "us-1/" + third + " Deployment app",
                told.get(0).differences().get(0).object());
    }

    @Test
    void aClusterThatIsNotKnownIsRefusedBeforeAnythingBegins() {
        Deploy.Wave lost = new Deploy.Wave("lost", List.of("us-2"), List.of(first), Duration.ZERO, false);

        NotApplied refused = assertThrows(
                NotApplied.class, () -> apply(work("c1", Deploy.Strategy.ROLLING, List.of(europe(), lost))));

        assertEquals(
                "Expected a cluster that this deploy-service knows, but there is no 'us-2', only 'eu-1', 'us-1'; put its"
                        + " kubeconfig into the directory that flujo.kubernetes.directory names, as us-2.",
                refused.getMessage());
        assertEquals(null, deployment(first));
    }

    @Test
    void aClusterThatWasTakenAwayHoldsUpNoDeployment() throws Exception {
        apply(work("c1", Deploy.Strategy.ROLLING));
        Files.delete(kubeconfig.resolveSibling("us-1"));

        Serving serving = apply(work("c2", Deploy.Strategy.ROLLING, List.of(europe())));

        assertEquals(Optional.of(serving), target.serving(PRODUCTION));
        assertEquals(serving.deployment().toString(), annotation(second));
    }

    @Test
    void aServiceThatDiesBetweenSitesAndWavesGoesOnWhereItWas() throws Exception {
        UUID before = UUID.randomUUID();
        assertEquals(
                "serves " + before, DeployOnce.end(directory, kubeconfig, before, work("c1", Deploy.Strategy.ROLLING)));
        UUID fresh = UUID.randomUUID();
        Work work = work("c2", Deploy.Strategy.ROLLING);

        for (String point : List.of(
                "kubernetes.noted",
                "deploy.mid-rollout",
                "deploy.stage-0.watched",
                "deploy.stage-1.passed",
                "deploy.stage-1.scaled",
                "deploy.stage-1.watched",
                "deploy.after-apply-before-record")) {
            assertEquals(
                    KILLED,
                    DeployOnce.run(directory, kubeconfig, fresh, work, point).exitValue(),
                    point);
        }

        assertEquals("serves " + fresh, DeployOnce.end(directory, kubeconfig, fresh, work));
        for (String namespace : List.of(first, second, third)) {
            assertEquals(2, deployment(namespace).getMetadata().getGeneration(), "one change in " + namespace);
            assertEquals(fresh.toString(), annotation(namespace));
        }
    }

    private Work work(String commit, Deploy.Strategy strategy, String... more) {
        Deploy.Wave world = new Deploy.Wave("world", List.of("us-1"), List.of(third), Duration.ZERO, false);
        return work(commit, strategy, List.of(europe(), world), more);
    }

    private Work work(String commit, Deploy.Strategy strategy, List<Deploy.Wave> waves, String... more) {
        List<String> manifests = new ArrayList<>(List.of(more));
        manifests.add(Manifest.deployment("app", "well"));
        manifests.add(Manifest.service("app"));
        return ground.work(
                commit,
                new Deploy.Rollout(2, strategy, List.of(), true, waves),
                PATIENCE,
                manifests.toArray(String[]::new));
    }

    private Deploy.Wave europe() {
        return new Deploy.Wave("europe", List.of("eu-1"), List.of(first, second), Duration.ofMillis(1), false);
    }

    private Serving apply(Work work) throws Exception {
        return rollouts().apply(new Application(UUID.randomUUID(), work, line -> {}, Optional::empty));
    }

    private Rollouts rollouts() {
        return new Rollouts(
                directory, target, Optional.empty(), Failpoint.armed(Optional.empty()), TestDesk.in(directory));
    }

    private Deployment deployment(String namespace) {
        return admin.apps().deployments().inNamespace(namespace).withName("app").get();
    }

    private String annotation(String namespace) {
        return deployment(namespace).getMetadata().getAnnotations().get("flujo.dev/deploy-id");
    }
}
