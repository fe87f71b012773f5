package dev.flujo.deploy.target.kubernetes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.flujo.deploy.Environment;
import dev.flujo.deploy.TestDesk;
import dev.flujo.deploy.config.Kind;
import dev.flujo.deploy.rollout.Application;
import dev.flujo.deploy.rollout.Desk;
import dev.flujo.deploy.rollout.Rollouts;
import dev.flujo.event.DriftEvent.DriftDetected;
import dev.flujo.event.plan.Deploy;
import dev.flujo.event.plan.Deploy.Reading;
import dev.flujo.kit.process.Failpoint;
import dev.flujo.stack.Await;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Settings and secrets as objects of a real API server, with its controllers, by the rights that a namespace gives. */
class KubernetesConfigIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Environment PRODUCTION = new Environment(KubernetesGround.PROJECT, "production");

    @TempDir
    private Path directory;

    private KubernetesGround ground;
    private KubernetesClient admin;
    private Desk desk;
    private Rollouts rollouts;

    @BeforeEach
    void begin() throws Exception {
        ground = new KubernetesGround(directory);
        admin = ground.cluster().admin();
        desk = TestDesk.in(directory);
        KubernetesTarget target = ground.target(ground.deployServices(directory), Duration.ofSeconds(5));
        rollouts = new Rollouts(directory, target, Optional.empty(), Failpoint.armed(Optional.empty()), desk);
        put(Kind.SETTING, "GREETING", "hello");
        put(Kind.SECRET, "PASSWORD", "correct horse");
    }

    @Test
    void podsGetThemAsFilesOfOneVolumeThatIsReplacedInPlace() throws Exception {
        apply(Reading.REREAD);

        PodSpec pod = deployment().getSpec().getTemplate().getSpec();
        var volume = pod.getVolumes().get(0);
        String object = volume.getProjected().getSources().get(0).getConfigMap().getName();
        var container = pod.getContainers().get(0);
        assertEquals("/run/flujo/config", container.getVolumeMounts().get(0).getMountPath());
        assertEquals("FLUJO_CONFIG", container.getEnv().get(0).getName());
        assertEquals("/run/flujo/config", container.getEnv().get(0).getValue());
        assertFalse(pod.toString().contains("correct horse"));
        assertEquals(Map.of("GREETING", "hello"), map(object).getData());
        assertEquals(Map.of("PASSWORD", "correct horse"), secret(object));

        put(Kind.SECRET, "PASSWORD", "battery staple");
        desk.store().remove(PRODUCTION, Kind.SETTING, "GREETING", "ana", Instant.now());
        rollouts.config().look();

        assertEquals(Map.of("PASSWORD", "battery staple", "PASSWORD.former", "correct horse"), secret(object));
        assertTrue(map(object).getData() == null || map(object).getData().isEmpty());
        assertEquals(1, deployment().getMetadata().getGeneration(), "no pod is replaced");
        List<DriftDetected> told = new ArrayList<>();
        rollouts.lookForDrift(told::add);
        assertEquals(List.of(), told);
    }

    @Test
    void podsThatReadThemWhenTheyStartAreReplacedAndNobodyCallsItDrift() throws Exception {
        apply(Reading.RESTART);
        String before = mark();

        put(Kind.SETTING, "GREETING", "good day");
        rollouts.config().look();

        assertTrue(Await.until(PATIENCE, () -> restarted().equals(Optional.of(true))));
        assertNotEquals(before, mark());
        assertEquals(2, deployment().getMetadata().getGeneration());
        assertEquals(1, deployment().getStatus().getUpdatedReplicas());
        List<DriftDetected> told = new ArrayList<>();
        rollouts.lookForDrift(told::add);
        assertEquals(List.of(), told);

        apply(Reading.RESTART);
        rollouts.config().look();
        assertEquals(3, deployment().getMetadata().getGeneration(), "once more for the deployment, and not after it");
    }

    private void put(Kind kind, String name, String value) throws Exception {
        desk.store().put(PRODUCTION, kind, name, value, "ana", Instant.now(), Duration.ofHours(1));
    }

    private void apply(Reading reading) throws Exception {
        rollouts.apply(new Application(
                UUID.randomUUID(),
                KubernetesGround.with(
                        reading, ground.work("c1", Deploy.Rollout.PLAIN, PATIENCE, Manifest.deployment("app", "well"))),
                line -> {},
                Optional::empty));
    }

    private Optional<Boolean> restarted() {
        try {
            return rollouts.config().state(PRODUCTION).orElseThrow().restarted();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private String mark() {
        return deployment()
                .getSpec()
                .getTemplate()
                .getMetadata()
                .getAnnotations()
                .get(PodConfig.ANNOTATION);
    }

    private Deployment deployment() {
        return admin.apps()
                .deployments()
                .inNamespace(ground.namespace())
                .withName("app")
                .get();
    }

    private ConfigMap map(String name) {
        return admin.configMaps().inNamespace(ground.namespace()).withName(name).get();
    }

    private Map<String, String> secret(String name) {
        Secret secret =
                admin.secrets().inNamespace(ground.namespace()).withName(name).get();
        Map<String, String> values = new TreeMap<>();
        secret.getData()
                .forEach((key, value) ->
                        values.put(key, new String(Base64.getDecoder().decode(value), StandardCharsets.UTF_8)));
        return values;
    }
}
