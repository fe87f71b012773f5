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
import dev.flujo.deploy.rollout.Rollouts;
import dev.flujo.deploy.rollout.Rules;
import dev.flujo.deploy.rollout.TakeDown;
import dev.flujo.deploy.rollout.TakenDown;
import dev.flujo.event.DriftEvent.DriftDetected;
import dev.flujo.event.plan.Deploy;
import dev.flujo.kit.process.Failpoint;
import dev.flujo.stack.kubernetes.TestCluster;
import io.fabric8.kubernetes.api.model.authorization.v1.SelfSubjectAccessReviewBuilder;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The role that k8s/ ships for a target namespace is enough for every kind of deployment, and for nothing else. */
class KubernetesRightsIT {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    private Path directory;

    private KubernetesGround ground;
    private KubernetesClient admin;
    private Path kubeconfig;
    private KubernetesTarget target;

    @BeforeEach
    void beNobodyElse() throws IOException {
        ground = new KubernetesGround(directory);
        admin = ground.cluster().admin();
        kubeconfig = ground.deployServices(directory);
        target = ground.target(kubeconfig, Duration.ofSeconds(5));
    }

    @Test
    void everyKindCanBeAppliedChangedAndPruned() throws Exception {
        apply("c1", all("1"));

        Serving second = apply("c2", all("2"));
        Serving third = apply("c3", new String[] {Manifest.deployment("app", "well")});

        assertTrue(second.previous().isPresent());
        assertEquals(Optional.of(second.deployment()), third.previous());
        assertEquals(
                List.of(),
                admin.services().inNamespace(ground.namespace()).list().getItems());
    }

    @Test
    void anEnvironmentCanBeTakenDown() throws Exception {
        Serving serving = apply("c1", all("1"));
        Environment production = new Environment(KubernetesGround.PROJECT, "production");
        Rollouts rollouts = new Rollouts(
                directory, target, Optional.empty(), Failpoint.armed(Optional.empty()), TestDesk.in(directory));

        Optional<TakenDown> taken =
                rollouts.takeDown(TakeDown.of(production, serving.deployment(), "ana", "ana took it down"));

        assertEquals(Optional.of(serving.deployment()), taken.orElseThrow().served());
        assertEquals(
                List.of(),
                admin.services().inNamespace(ground.namespace()).list().getItems());
    }

    @Test
    void versionsCanBeKeptApart() throws Exception {
        Deploy.Rollout blueGreen = Strategies.blueGreen();
        Serving first = apply(blueGreen, "c1", Manifest.deployment("app", "well"), Manifest.service("app"));

        Serving second = apply(blueGreen, "c2", Manifest.deployment("app", "well"), Manifest.service("app"));

        assertEquals(Optional.of(first.deployment()), second.previous());
    }

    @Test
    void noKindDriftsByItselfAndWhatOthersChangeCanBeHealed() throws Exception {
        apply("c1", all("1"));
        Rollouts rollouts = new Rollouts(
                directory, target, Optional.empty(), Failpoint.armed(Optional.empty()), TestDesk.in(directory));
        List<DriftDetected> told = new ArrayList<>();
        rollouts.lookForDrift(told::add);
        assertEquals(List.of(), told);

        rollouts.rules(
                new Environment(KubernetesGround.PROJECT, "production"),
                new Rules(false, Optional.empty(), List.of(), true));
        admin.services().inNamespace(ground.namespace()).withName("app").delete();
        rollouts.lookForDrift(told::add);

        assertEquals(1, told.size());
        assertTrue(
                admin.services().inNamespace(ground.namespace()).withName("app").get() != null);
    }

    @Test
    void aCrashIsToldWithItsLastLines() {
        NotApplied refused = assertThrows(NotApplied.class, () -> apply("c1", Manifest.deployment("app", "crash")));

        assertTrue(refused.getMessage().contains("no database"), refused.getMessage());
    }

    @Test
    void nothingElseIsAllowed() {
        KubernetesClient nobody = TestCluster.client(kubeconfig);
        for (String verb : List.of("get", "list", "watch", "create", "update", "patch", "delete")) {
            for (String resource : List.of("serviceaccounts", "pods/exec", "namespaces", "nodes")) {
                assertFalse(may(nobody, verb, "", resource), verb + " " + resource);
            }
            assertFalse(may(nobody, verb, "rbac.authorization.k8s.io", "roles"), verb + " roles");
            assertFalse(may(nobody, verb, "rbac.authorization.k8s.io", "rolebindings"), verb + " rolebindings");
        }
        for (String verb : List.of("get", "list", "watch", "update")) {
            assertFalse(may(nobody, verb, "", "secrets"), verb + " secrets");
        }
        assertFalse(may(nobody, "list", "", "configmaps"));
        assertFalse(may(nobody, "delete", "", "persistentvolumeclaims"));
    }

    @Test
    void theRoleNamesTheKindsOfAReleaseAndNoWildcard() throws IOException {
        Role role = (Role)
                admin.load(Files.newInputStream(KubernetesGround.ROLE)).items().get(0);

        for (Kind kind : Kind.values()) {
            List<String> verbs = role.getRules().stream()
                    .filter(rule -> rule.getApiGroups().contains(kind.group())
                            && rule.getResources().contains(kind.plural()))
                    .flatMap(rule -> rule.getVerbs().stream())
                    .toList();
            assertTrue(verbs.containsAll(List.of("get", "create", "patch")), kind + " " + verbs);
            assertEquals(!kind.holdsData(), verbs.contains("delete"), kind + " " + verbs);
        }
        assertFalse(role.getRules().stream()
                .flatMap(rule -> Stream.of(rule.getApiGroups(), rule.getResources(), rule.getVerbs()))
                .anyMatch(words -> words.contains("*")));
    }

    private boolean may(KubernetesClient client, String verb, String group, String resource) {
        String[] parts = resource.split("/", 2);
        return client.authorization()
                .v1()
                .selfSubjectAccessReview()
                .create(new SelfSubjectAccessReviewBuilder()
                        .withNewSpec()
                        .withNewResourceAttributes()
                        .withNamespace(ground.namespace())
                        .withVerb(verb)
                        .withGroup(group)
                        .withResource(parts[0])
                        .withSubresource(parts.length > 1 ? parts[1] : null)
                        .endResourceAttributes()
                        .endSpec()
                        .build())
                .getStatus()
                .getAllowed();
    }

    private Serving apply(String commit, String... manifests) throws Exception {
        return apply(Deploy.Rollout.PLAIN, commit, manifests);
    }

    private Serving apply(Deploy.Rollout rollout, String commit, String... manifests) throws Exception {
        return new Rollouts(
                        directory, target, Optional.empty(), Failpoint.armed(Optional.empty()), TestDesk.in(directory))
                .apply(new Application(
                        UUID.randomUUID(),
                        ground.work(commit, rollout, PATIENCE, manifests),
                        line -> {},
                        Optional::empty));
    }

    private static String[] all(String value) {
        return new String[] {
            Manifest.deployment("app", "well"),
            Manifest.configMap("settings", value),
            Manifest.service("app"),
            Manifest.others(value)
        };
    }
}
