package dev.flujo.deploy.target.kubernetes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.flujo.deploy.Environment;
import dev.flujo.deploy.NotApplied;
import dev.flujo.deploy.Target.Serving;
import dev.flujo.deploy.TestDesk;
import dev.flujo.deploy.rollout.Application;
import dev.flujo.deploy.rollout.RollBack;
import dev.flujo.deploy.rollout.Rollouts;
import dev.flujo.event.Work;
import dev.flujo.event.plan.Deploy;
import dev.flujo.kit.process.Failpoint;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rolling deployments to a real API server with its controllers: what is applied, and what is told of what goes wrong. */
class KubernetesRollingIT {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Environment PRODUCTION = new Environment(KubernetesGround.PROJECT, "production");

    @TempDir
    private Path directory;

    private KubernetesGround ground;
    private KubernetesClient admin;
    private KubernetesTarget target;
    private final List<String> progress = new ArrayList<>();

    @BeforeEach
    void begin() {
        ground = new KubernetesGround(directory);
        admin = ground.cluster().admin();
        target = ground.target();
    }

    @Test
    void appliesTheManifestsAndSaysWhereTheyAreReached() throws Exception {
        Application first = application(work("c1", Manifest.deployment("app", "well"), Manifest.service("app")));

        Serving serving = apply(first);

        assertEquals("http://app." + ground.namespace() + ".svc", serving.address());
        assertEquals(Optional.empty(), serving.previous());
        assertEquals(Optional.of(serving), target.serving(PRODUCTION));
        assertTrue(target.live(PRODUCTION));
        assertEquals(1, deployment("app").getStatus().getAvailableReplicas());
    }

    @Test
    void marksEveryObjectWithWhereItComesFrom() throws Exception {
        Application first =
                application(work("c1", Manifest.deployment("app", "well"), Manifest.configMap("settings", "1")));

        apply(first);

        Map<String, String> labels = deployment("app").getMetadata().getLabels();
        assertEquals("flujo", labels.get("app.kubernetes.io/managed-by"));
        assertEquals("app", labels.get("app.kubernetes.io/name"));
        assertEquals("shop", labels.get("app.kubernetes.io/part-of"));
        assertEquals("c1", labels.get("app.kubernetes.io/version"));
        for (Map<String, String> annotations : List.of(
                deployment("app").getMetadata().getAnnotations(),
                configMap("settings").orElseThrow().getMetadata().getAnnotations())) {
            assertEquals(first.deployment().toString(), annotations.get("flujo.dev/deploy-id"));
            assertEquals("1", annotations.get("flujo.dev/fence"));
            assertEquals(first.work().attempt().run().toString(), annotations.get("flujo.dev/run-id"));
        }
        assertEquals(
                "flujo",
                deployment("app").getMetadata().getManagedFields().stream()
                        .filter(entry -> entry.getOperation().equals("Apply"))
                        .map(entry -> entry.getManager())
                        .findFirst()
                        .orElseThrow());
    }

    @Test
    void appliesTheSameDeploymentOnce() throws Exception {
        Application first = application(work("c1", Manifest.deployment("app", "well")));

        Serving once = apply(first);
        Serving again = apply(first);
        Serving afterARestart = rollouts(ground.target()).apply(first);

        assertEquals(once, again);
        assertEquals(once, afterARestart);
        assertEquals(1, deployment("app").getMetadata().getGeneration());
    }

    @Test
    void changesTheSpecificationOncePerDeploymentAndPrunesWhatTheNewOneDropped() throws Exception {
        apply(application(work("c1", Manifest.deployment("app", "well"), Manifest.configMap("old", "1"), pvc())));
        Application second =
                application(work("c2", Manifest.deployment("app", "well"), Manifest.configMap("new", "1")));

        Serving serving = apply(second);

        assertTrue(serving.previous().isPresent());
        assertEquals(2, deployment("app").getMetadata().getGeneration());
        assertTrue(configMap("new").isPresent());
        assertEquals(Optional.empty(), configMap("old"));
        assertTrue(
                admin.persistentVolumeClaims()
                                .inNamespace(ground.namespace())
                                .withName("data")
                                .get()
                        != null,
                "data is nobody's to take away");
        assertEquals(
                1,
                admin.configMaps().inNamespace(ground.namespace()).list().getItems().stream()
                        .filter(map -> map.getMetadata().getName().contains("." + second.deployment()))
                        .count());
    }

    @Test
    void setsImagesByDigestAndRefusesWhatIsNot() throws Exception {
        String loose = Manifest.deployment("app", "well").replaceAll("@sha256:[0-9a-f]*", ":latest");

        NotApplied refused = assertThrows(NotApplied.class, () -> apply(application(work("c1", loose))));
        Work set = ground.work(
                "c1", Deploy.Rollout.PLAIN, PATIENCE, Map.of("registry.test/well", Manifest.image("well")), loose);
        apply(application(set));

        assertTrue(refused.getMessage().contains("by its digest"), refused.getMessage());
        assertTrue(refused.getMessage().contains("registry.test/well:latest"), refused.getMessage());
        assertEquals(
                Manifest.image("well"),
                deployment("app")
                        .getSpec()
                        .getTemplate()
                        .getSpec()
                        .getContainers()
                        .get(0)
                        .getImage());
    }

    @Test
    void tellsACrashLoopAtOnceWithTheLastLines() throws Exception {
        Application crash = application(work("c1", Manifest.deployment("app", "crash")));
        Instant began = Instant.now();

        NotApplied refused = assertThrows(NotApplied.class, () -> apply(crash));

        assertTrue(refused.getMessage().contains("CrashLoopBackOff"), refused.getMessage());
        assertTrue(refused.getMessage().contains("ended with code 3"), refused.getMessage());
        assertTrue(refused.getMessage().contains("no database"), refused.getMessage());
        assertTrue(Duration.between(began, Instant.now()).compareTo(Duration.ofSeconds(10)) < 0);
        assertEquals(null, deployment("app"), "nothing is left of it");
    }

    @Test
    void tellsAMissingImageAtOnce() {
        NotApplied refused = assertThrows(
                NotApplied.class, () -> apply(application(work("c1", Manifest.deployment("app", "missing")))));

        assertTrue(refused.getMessage().contains("ImagePullBackOff"), refused.getMessage());
        assertTrue(refused.getMessage().contains("registry.test/missing"), refused.getMessage());
    }

    @Test
    void tellsAnUnschedulablePodAtOnceAndGivesItTheTimeToGetANode() {
        String nowhere = Manifest.deployment("app", "well", "nodeSelector: {disk: none}\n");
        Work work = ground.work("c1", Deploy.Rollout.PLAIN, Duration.ofSeconds(2), nowhere);

        NotApplied refused = assertThrows(NotApplied.class, () -> apply(application(work)));

        assertEquals(
                1, progress.stream().filter(line -> line.startsWith("waits: ")).count(), progress.toString());
        String told = progress.stream()
                .filter(line -> line.startsWith("waits: "))
                .findFirst()
                .orElseThrow();
        assertTrue(told.startsWith("waits: Deployment app: pod app-"), told);
        assertTrue(told.contains("Unschedulable (0/1 nodes are available"), told);
        assertTrue(refused.getMessage().contains("Unschedulable"), refused.getMessage());
        assertTrue(refused.getMessage().contains("node affinity"), refused.getMessage());
    }

    @Test
    void bringsBackWhatServedBeforeWhenTheNewOneFails() throws Exception {
        Application first =
                application(work("c1", Manifest.deployment("app", "well"), Manifest.configMap("settings", "1")));
        Serving serving = apply(first);
        Application crash = application(work(
                "c2",
                Manifest.deployment("app", "crash"),
                Manifest.configMap("settings", "2"),
                Manifest.configMap("more", "2")));

        NotApplied once = assertThrows(NotApplied.class, () -> apply(crash));
        NotApplied again =
                assertThrows(NotApplied.class, () -> rollouts(ground.target()).apply(crash));

        assertEquals(once.getMessage(), again.getMessage());
        assertEquals(once.at(), again.at());
        assertEquals(Optional.of(serving), target.serving(PRODUCTION));
        assertEquals(
                Manifest.image("well"),
                deployment("app")
                        .getSpec()
                        .getTemplate()
                        .getSpec()
                        .getContainers()
                        .get(0)
                        .getImage());
        assertEquals("1", configMap("settings").orElseThrow().getData().get("value"));
        assertEquals(Optional.empty(), configMap("more"));
        assertEquals(3, deployment("app").getMetadata().getGeneration());
    }

    @Test
    void aRollbackAppliesWhatServedBefore() throws Exception {
        Serving first =
                apply(application(work("c1", Manifest.deployment("app", "well"), Manifest.configMap("settings", "1"))));
        Serving second =
                apply(application(work("c2", Manifest.deployment("app", "well"), Manifest.configMap("settings", "2"))));

        rollouts(target)
                .carryOut(
                        new RollBack(
                                UUID.randomUUID(),
                                PRODUCTION,
                                first.deployment(),
                                second.deployment(),
                                "ana",
                                Optional.empty(),
                                Instant.now()),
                        progress::add);

        assertEquals("1", configMap("settings").orElseThrow().getData().get("value"));
        assertEquals(
                first.deployment().toString(),
                deployment("app").getMetadata().getAnnotations().get("flujo.dev/deploy-id"));
    }

    @Test
    void leavesAloneWhatSomebodyElseHasMade() throws Exception {
        admin.resource(Manifest.configMap("settings", "theirs"))
                .inNamespace(ground.namespace())
                .create();

        NotApplied refused = assertThrows(
                NotApplied.class,
                () -> apply(application(
                        work("c1", Manifest.deployment("app", "well"), Manifest.configMap("settings", "ours")))));

        assertTrue(refused.getMessage().contains("somebody else has made it"), refused.getMessage());
        assertEquals("theirs", configMap("settings").orElseThrow().getData().get("value"));
    }

    @Test
    void saysWhatTheClusterSaysOfManifestsThatItDoesNotTake() {
        String wrong = Manifest.deployment("app", "well").replace("replicas: 1", "replicas: -1");

        NotApplied refused = assertThrows(NotApplied.class, () -> apply(application(work("c1", wrong))));

        assertTrue(refused.getMessage().contains("spec.replicas"), refused.getMessage());
    }

    @Test
    void refusesKindsThatAreNotAReleasesToBring() {
        String secret = "apiVersion: v1\nkind: Secret\nmetadata: {name: password}\n";

        NotApplied refused = assertThrows(NotApplied.class, () -> apply(application(work("c1", secret))));

        assertTrue(refused.getMessage().contains("kind Secret"), refused.getMessage());
        assertFalse(refused.getMessage().isBlank());
    }

    private Work work(String commit, String... manifests) {
        return ground.work(commit, Deploy.Rollout.PLAIN, PATIENCE, manifests);
    }

    private Application application(Work work) {
        return new Application(UUID.randomUUID(), work, progress::add, () -> Optional.empty());
    }

    private Serving apply(Application application) throws Exception {
        return rollouts(target).apply(application);
    }

    private Rollouts rollouts(KubernetesTarget on) {
        return new Rollouts(directory, on, Optional.empty(), Failpoint.armed(Optional.empty()), TestDesk.in(directory));
    }

    private Deployment deployment(String name) {
        return admin.apps()
                .deployments()
                .inNamespace(ground.namespace())
                .withName(name)
                .get();
    }

    private Optional<ConfigMap> configMap(String name) {
        return Optional.ofNullable(admin.configMaps()
                .inNamespace(ground.namespace())
                .withName(name)
                .get());
    }

    private static String pvc() {
        return """
                apiVersion: v1
                kind: PersistentVolumeClaim
                metadata: {name: data}
                spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
                """;
    }
}
