package dev.flujo.deploy.target.kubernetes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.flujo.deploy.Environment;
import dev.flujo.deploy.Target.Serving;
import dev.flujo.deploy.Target.Version;
import dev.flujo.deploy.TestDesk;
import dev.flujo.deploy.config.Kind;
import dev.flujo.deploy.rollout.Application;
import dev.flujo.deploy.rollout.Desk;
import dev.flujo.deploy.rollout.Rollouts;
import dev.flujo.deploy.rollout.TakeDown;
import dev.flujo.deploy.rollout.TakenDown;
import dev.flujo.event.Work;
import dev.flujo.event.plan.Deploy;
import dev.flujo.kit.process.Failpoint;
import dev.flujo.stack.Await;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is left of environments in a namespace of a real API server when they are taken down. */
class KubernetesTakeDownIT {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Environment PRODUCTION = new Environment(KubernetesGround.PROJECT, "production");

    @TempDir
    private Path directory;

    private KubernetesGround ground;
    private KubernetesClient admin;
    private KubernetesTarget target;
    private Desk desk;
    private Rollouts rollouts;

    @BeforeEach
    void begin() {
        ground = new KubernetesGround(directory);
        admin = ground.cluster().admin();
        target = ground.target();
        desk = TestDesk.in(directory);
        rollouts = new Rollouts(directory, target, Optional.empty(), Failpoint.armed(Optional.empty()), desk);
    }

    @Test
    void leavesOnlyDataAndTheNumberOfItsLastRolloutAndNothingOfOthersIsTouched() throws Exception {
        admin.resource(Manifest.configMap("theirs", "1"))
                .inNamespace(ground.namespace())
                .create();
        Work beside = ground.work(
                "staging",
                "c1",
                Deploy.Rollout.PLAIN,
                PATIENCE,
                Map.of(),
                Manifest.deployment("beside", "well"),
                Manifest.configMap("besides", "1"));
        apply(beside);
        desk.store().put(PRODUCTION, Kind.SECRET, "PASSWORD", "secret", "ana", Instant.now(), Duration.ZERO);
        Work work = ground.work(
                "c1",
                Deploy.Rollout.PLAIN,
                PATIENCE,
                Manifest.deployment("app", "well"),
                Manifest.service("app"),
                Manifest.configMap("settings", "1"),
                pvc());
        Serving serving = apply(KubernetesGround.with(Deploy.Reading.REREAD, work));
        assertTrue(
                names("").stream().anyMatch(name -> name.endsWith(".config")),
                names("").toString());

        TakenDown taken = takeDown(serving).orElseThrow();

        assertEquals(Optional.of(serving.deployment()), taken.served());
        assertEquals(Optional.empty(), target.serving(PRODUCTION));
        assertFalse(target.live(PRODUCTION));
        assertTrue(Await.until(PATIENCE, () -> names("app").isEmpty()), () -> names("app")
                .toString());
        String label = label();
        assertEquals(List.of("PersistentVolumeClaim data", "ConfigMap flujo-" + label), ofEnvironment(label));
        assertTrue(
                names("theirs").size() == 1 && names("beside").size() >= 2,
                names("").toString());
    }

    @Test
    void versionsThatAreApartGoAllOfThem() throws Exception {
        Work first = ground.work(
                "c1", Strategies.blueGreen(), PATIENCE, Manifest.deployment("app", "well"), Manifest.service("app"));
        apply(first);
        Serving second = apply(ground.work(
                "c2", Strategies.blueGreen(), PATIENCE, Manifest.deployment("app", "well"), Manifest.service("app")));

        assertTrue(takeDown(second).isPresent());

        assertTrue(Await.until(PATIENCE, () -> names("app").isEmpty()), () -> names("app")
                .toString());
    }

    @Test
    void whatWasWantedBeforeComesTooLateAndWhatIsDeployedAnewDoesNot() throws Exception {
        Application first = application(ground.work(
                "c1", Deploy.Rollout.PLAIN, PATIENCE, Manifest.deployment("app", "well"), Manifest.service("app")));
        Serving serving = rollouts.apply(first);
        assertTrue(takeDown(serving).isPresent());

        ground.target().scale(new Version(first.deployment(), first.work(), 1), 1);

        assertTrue(Await.until(PATIENCE, () -> names("app").isEmpty()), () -> names("app")
                .toString());
        Serving anew = apply(ground.work("c2", Deploy.Rollout.PLAIN, PATIENCE, Manifest.deployment("app", "well")));
        assertEquals(Optional.empty(), anew.previous());
        assertThrows(IOException.class, () -> ground.target().remove(PRODUCTION, 1));
        assertTrue(target.live(PRODUCTION));
    }

    private Optional<TakenDown> takeDown(Serving serving) throws Exception {
        return rollouts.takeDown(TakeDown.of(PRODUCTION, serving.deployment(), "ana", "ana took it down"));
    }

    private Serving apply(Work work) throws Exception {
        return rollouts.apply(application(work));
    }

    private static Application application(Work work) {
        return new Application(UUID.randomUUID(), work, line -> {}, Optional::empty);
    }

    private String label() {
        return new Place(PRODUCTION, "", ground.namespace()).label();
    }

    private List<String> names(String like) {
        return objects()
                .map(object -> object.getMetadata().getName())
                .filter(name -> name.startsWith(like))
                .toList();
    }

    private List<String> ofEnvironment(String label) {
        return objects()
                .filter(object -> Marks.environment(object).equals(Optional.of(label)))
                .map(object -> object.getKind() + " " + object.getMetadata().getName())
                .toList();
    }

    private Stream<HasMetadata> objects() {
        String namespace = ground.namespace();
        return Stream.of(
                        admin.persistentVolumeClaims()
                                .inNamespace(namespace)
                                .list()
                                .getItems(),
                        admin.configMaps().inNamespace(namespace).list().getItems(),
                        admin.secrets().inNamespace(namespace).list().getItems(),
                        admin.services().inNamespace(namespace).list().getItems(),
                        admin.pods().inNamespace(namespace).list().getItems(),
                        admin.apps().replicaSets().inNamespace(namespace).list().getItems(),
                        admin.apps().deployments().inNamespace(namespace).list().getItems())
                .flatMap(List::stream);
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
