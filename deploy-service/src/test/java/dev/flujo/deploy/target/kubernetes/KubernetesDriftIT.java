package dev.flujo.deploy.target.kubernetes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.flujo.deploy.Environment;
import dev.flujo.deploy.TestDesk;
import dev.flujo.deploy.rollout.Application;
import dev.flujo.deploy.rollout.Rollouts;
import dev.flujo.deploy.rollout.Rules;
import dev.flujo.event.DriftEvent.Difference;
import dev.flujo.event.DriftEvent.DriftDetected;
import dev.flujo.event.plan.Deploy;
import dev.flujo.kit.process.Failpoint;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What others change of applied objects, as a real API server keeps account of it. */
class KubernetesDriftIT {

    private static final Environment PRODUCTION = new Environment(KubernetesGround.PROJECT, "production");
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    private Path directory;

    private KubernetesGround ground;
    private KubernetesClient admin;
    private Rollouts rollouts;
    private final List<DriftDetected> told = new ArrayList<>();

    @BeforeEach
    void begin() throws Exception {
        ground = new KubernetesGround(directory);
        admin = ground.cluster().admin();
        rollouts = new Rollouts(
                directory,
                ground.target(),
                Optional.empty(),
                Failpoint.armed(Optional.empty()),
                TestDesk.in(directory));
        deploy(Deploy.Rollout.PLAIN);
    }

    @Test
    void nothingDriftsByItselfNorByWhatNoManifestNames() throws Exception {
        edit("{\"spec\": {\"revisionHistoryLimit\": 3}}");

        look();

        assertEquals(List.of(), differences());
    }

    @Test
    void tellsTheFieldAndWhoHasChangedIt() throws Exception {
        edit("{\"spec\": {\"replicas\": 2}}");

        look();

        assertEquals(
                List.of(new Difference(
                        "Deployment app",
                        "spec.replicas",
                        Optional.of("1"),
                        Optional.of("2"),
                        Optional.of("kubectl-edit"))),
                differences());
        assertEquals(differences(), rollouts.drift(PRODUCTION).orElseThrow().differences());
        assertEquals(2, deployment().getSpec().getReplicas());
    }

    @Test
    void findsAFieldWithinAList() throws Exception {
        edit("{\"spec\": {\"template\": {\"spec\": {\"containers\": [{\"name\": \"app\", \"image\": \"other\"}]}}}}");

        look();

        Difference image = differences().get(0);
        assertEquals("spec.template.spec.containers.0.image", image.field());
        assertEquals(Optional.of("other"), image.found());
        assertEquals(Optional.of("kubectl-edit"), image.manager());
    }

    @Test
    void appliesAgainWhatWasChangedOrTakenAwayWhereTheRulesSaySo() throws Exception {
        rollouts.rules(PRODUCTION, new Rules(false, Optional.empty(), List.of(), true));
        edit("{\"spec\": {\"replicas\": 2}}");
        admin.services().inNamespace(ground.namespace()).withName("app").delete();

        look();

        assertEquals(
                List.of("Deployment app spec.replicas", "Service app metadata.name"),
                differences().stream()
                        .map(difference -> difference.object() + " " + difference.field())
                        .sorted()
                        .toList());
        assertTrue(told.get(0).healed());
        assertEquals(1, deployment().getSpec().getReplicas());
        assertTrue(service() != null);
        told.clear();
        look();
        assertEquals(List.of(), told);
    }

    @Test
    void seesWhoHasPutUsersElsewhereAfterABlueGreenDeployment() throws Exception {
        deploy(Strategies.blueGreen());
        told.clear();
        look();
        assertEquals(List.of(), differences());

        admin.services()
                .inNamespace(ground.namespace())
                .withName("app")
                .patch(
                        new PatchContext.Builder()
                                .withPatchType(PatchType.JSON_MERGE)
                                .withFieldManager("kubectl-edit")
                                .build(),
                        "{\"spec\": {\"selector\": {\"flujo.dev/version\": \"nobody\"}}}");
        look();

        assertEquals(
                List.of("spec.selector.flujo.dev/version"),
                differences().stream().map(Difference::field).toList());
    }

    private void deploy(Deploy.Rollout rollout) throws Exception {
        rollouts.apply(new Application(
                UUID.randomUUID(),
                ground.work("c1", rollout, PATIENCE, Manifest.deployment("app", "well"), Manifest.service("app")),
                line -> {},
                Optional::empty));
    }

    private void edit(String patch) {
        admin.apps()
                .deployments()
                .inNamespace(ground.namespace())
                .withName("app")
                .patch(
                        new PatchContext.Builder()
                                .withPatchType(PatchType.STRATEGIC_MERGE)
                                .withFieldManager("kubectl-edit")
                                .build(),
                        patch);
    }

    private void look() throws Exception {
        rollouts.lookForDrift(told::add);
    }

    private List<Difference> differences() {
        return told.stream().flatMap(drift -> drift.differences().stream()).toList();
    }

    private Deployment deployment() {
        return admin.apps()
                .deployments()
                .inNamespace(ground.namespace())
                .withName("app")
                .get();
    }

    private Service service() {
        return admin.services().inNamespace(ground.namespace()).withName("app").get();
    }
}
