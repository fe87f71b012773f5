package dev.flujo.rules;

import static dev.flujo.rules.Manifests.containers;
import static dev.flujo.rules.Manifests.items;
import static dev.flujo.rules.Manifests.name;
import static dev.flujo.rules.Manifests.pod;
import static dev.flujo.rules.Manifests.podLabels;
import static dev.flujo.rules.Manifests.selects;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.flujo.stack.LocalStack;
import java.net.URI;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every cluster is given: k8s/ as kubectl renders it. */
class KubernetesTest {

    static List<String> directories() {
        return Manifests.DIRECTORIES;
    }

    @ParameterizedTest
    @MethodSource("directories")
    void everyServiceIsThereAndNothingElseRuns(String directory) {
        assertEquals(
                new TreeSet<>(LocalStack.SERVICES),
                Manifests.of(directory).workloads().stream()
                        .map(Manifests::name)
                        .collect(Collectors.toCollection(TreeSet::new)));
    }

    @ParameterizedTest
    @MethodSource("directories")
    void everyPodKeepsToTheRestrictedStandard(String directory) {
        for (JsonNode workload : Manifests.of(directory).workloads()) {
            JsonNode security = pod(workload).path("securityContext");
            assertTrue(security.path("runAsNonRoot").asBoolean(), name(workload));
            assertEquals(10001, security.path("runAsUser").asInt(), name(workload));
            assertEquals("RuntimeDefault", security.at("/seccompProfile/type").asText(), name(workload));
            assertTrue(pod(workload).has("automountServiceAccountToken"), name(workload));
            assertFalse(pod(workload).path("automountServiceAccountToken").asBoolean(), name(workload));
            for (String shared : List.of("hostNetwork", "hostPID", "hostIPC")) {
                assertFalse(pod(workload).path(shared).asBoolean(), name(workload) + " has " + shared);
            }
            Set<String> kinds = items(pod(workload).path("volumes"))
                    .flatMap(volume -> volume.properties().stream())
                    .map(java.util.Map.Entry::getKey)
                    .collect(Collectors.toSet());
            kinds.removeAll(Set.of("name", "emptyDir", "persistentVolumeClaim", "secret", "configMap", "projected"));
            assertEquals(Set.of(), kinds, name(workload) + " mounts what it should not");
            containers(workload).forEach(container -> restricted(name(workload), container));
        }
    }

    private static void restricted(String workload, JsonNode container) {
        JsonNode security = container.path("securityContext");
        assertTrue(security.has("allowPrivilegeEscalation"), workload);
        assertFalse(security.path("allowPrivilegeEscalation").asBoolean(), workload);
        assertFalse(security.path("privileged").asBoolean(), workload);
        assertTrue(security.path("readOnlyRootFilesystem").asBoolean(), workload);
        assertEquals("{\"drop\":[\"ALL\"]}", security.path("capabilities").toString(), workload);
        items(container.path("ports")).forEach(port -> assertFalse(port.has("hostPort"), workload));
    }

    @ParameterizedTest
    @MethodSource("directories")
    void theNamespaceEnforcesIt(String directory) {
        Manifests manifests = Manifests.of(directory);
        JsonNode namespace = manifests.kind("Namespace").findFirst().orElseThrow();

        assertEquals(
                "restricted",
                namespace
                        .at("/metadata/labels")
                        .path("pod-security.kubernetes.io/enforce")
                        .asText());
        manifests.objects().stream()
                .filter(object -> !object.equals(namespace))
                .forEach(object -> assertEquals(
                        name(namespace), object.at("/metadata/namespace").asText(), name(object)));
    }

    @ParameterizedTest
    @MethodSource("directories")
    void everySecretIsAFileThatItsServiceIsTold(String directory) {
        for (JsonNode workload : Manifests.of(directory).workloads()) {
            Set<String> files = new HashSet<>();
            items(pod(workload).path("volumes"))
                    .filter(volume -> volume.has("secret"))
                    .flatMap(volume -> items(volume.at("/secret/items")))
                    .forEach(item ->
                            files.add("/etc/flujo/secrets/" + item.path("path").asText()));
            Set<String> told = new HashSet<>();
            containers(workload).forEach(container -> {
                assertFalse(container.path("envFrom").toString().contains("secretRef"), name(workload));
                assertFalse(container.path("env").toString().contains("secretKeyRef"), name(workload));
                assertFalse(container.path("volumeMounts").toString().contains("subPath"), name(workload));
                items(container.path("env"))
                        .map(variable -> variable.path("value").asText())
                        .filter(value -> value.startsWith("/etc/flujo/secrets/"))
                        .forEach(told::add);
            });
            assertFalse(files.isEmpty(), name(workload));
            assertEquals(files, told, name(workload));
        }
    }

    @ParameterizedTest
    @MethodSource("directories")
    void noSecretIsCommittedThatIsNotMarkedAsNone(String directory) {
        List<JsonNode> secrets = Manifests.of(directory).kind("Secret").toList();

        assertEquals(directory.equals("base"), secrets.isEmpty());
        secrets.stream()
                .flatMap(secret -> items(secret.path("data")))
                .map(value -> new String(
                        java.util.Base64.getDecoder().decode(value.asText()), java.nio.charset.StandardCharsets.UTF_8))
                .forEach(value -> assertTrue(value.startsWith("placeholder-not-a-secret-"), value));
    }

    @ParameterizedTest
    @MethodSource("directories")
    void everyContainerIsProbedWhereQuarkusAnswersAndHasItsShareOfTheNode(String directory) {
        for (JsonNode workload : Manifests.of(directory).workloads()) {
            containers(workload).forEach(container -> {
                assertEquals(
                        "/q/health/started",
                        container.at("/startupProbe/httpGet/path").asText());
                assertEquals(
                        "/q/health/ready",
                        container.at("/readinessProbe/httpGet/path").asText());
                assertEquals(
                        "/q/health/live",
                        container.at("/livenessProbe/httpGet/path").asText());
                Stream.of("startupProbe", "readinessProbe", "livenessProbe")
                        .forEach(probe -> assertEquals(
                                "http",
                                container.path(probe).at("/httpGet/port").asText()));
                assertEquals(
                        "[{\"containerPort\":8080,\"name\":\"http\"}]",
                        container.path("ports").toString());
                for (String share :
                        List.of("/requests/cpu", "/requests/memory", "/limits/memory", "/limits/ephemeral-storage")) {
                    assertFalse(container.path("resources").at(share).isMissingNode(), name(workload) + share);
                }
            });
            assertEquals(
                    "topology.kubernetes.io/zone",
                    pod(workload).at("/topologySpreadConstraints/0/topologyKey").asText());
        }
    }

    @ParameterizedTest
    @MethodSource("directories")
    void everyVariableIsOneThatItsServiceReads(String directory) {
        Manifests manifests = Manifests.of(directory);
        for (JsonNode workload : manifests.workloads()) {
            Set<String> set = new TreeSet<>();
            containers(workload).forEach(container -> {
                items(container.path("env"))
                        .forEach(variable -> set.add(variable.path("name").asText()));
                items(container.path("envFrom"))
                        .map(source -> source.at("/configMapRef/name").asText())
                        .forEach(map -> manifests
                                .kind("ConfigMap")
                                .filter(each -> name(each).equals(map))
                                .findFirst()
                                .orElseThrow(() -> new AssertionError("Expected the ConfigMap " + map))
                                .path("data")
                                .fieldNames()
                                .forEachRemaining(set::add));
            });
            assertTrue(set.contains("KAFKA_BOOTSTRAP_SERVERS"), name(workload));
            set.removeAll(Settings.variables(name(workload)));
            assertEquals(Set.of(), set, "variables that " + name(workload) + " does not read");
        }
    }

    @ParameterizedTest
    @MethodSource("directories")
    void everyImageHasTheVersionOfThisCheckout(String directory) {
        for (JsonNode workload : Manifests.of(directory).workloads()) {
            containers(workload)
                    .forEach(container -> assertEquals(
                            "flujo/" + name(workload) + ":" + Versions.project(),
                            container.path("image").asText()));
            assertEquals(
                    Versions.project(),
                    podLabels(workload).path("app.kubernetes.io/version").asText());
        }
    }

    @ParameterizedTest
    @MethodSource("directories")
    void everythingCarriesTheRecommendedLabelsAndClaimsNoneThatChanges(String directory) {
        Manifests manifests = Manifests.of(directory);
        manifests
                .objects()
                .forEach(object -> assertEquals(
                        "flujo",
                        object.at("/metadata/labels")
                                .path("app.kubernetes.io/part-of")
                                .asText(),
                        name(object)));
        for (JsonNode workload : manifests.workloads()) {
            for (String label : List.of("name", "instance", "version", "component", "part-of", "managed-by")) {
                assertTrue(podLabels(workload).has("app.kubernetes.io/" + label), name(workload) + " " + label);
            }
            items(workload.at("/spec/volumeClaimTemplates"))
                    .forEach(claim ->
                            assertFalse(claim.at("/metadata/labels").has("app.kubernetes.io/version"), name(workload)));
        }
    }

    @ParameterizedTest
    @MethodSource("directories")
    void everyReferenceLeadsSomewhere(String directory) {
        Manifests manifests = Manifests.of(directory);
        for (JsonNode workload : manifests.workloads()) {
            assertTrue(selects(workload.at("/spec/selector"), podLabels(workload)), name(workload));
            assertTrue(named(manifests, "ServiceAccount")
                    .contains(pod(workload).path("serviceAccountName").asText()));
            items(pod(workload).path("volumes"))
                    .filter(volume -> volume.has("persistentVolumeClaim"))
                    .forEach(volume -> assertTrue(named(manifests, "PersistentVolumeClaim")
                            .contains(volume.at("/persistentVolumeClaim/claimName")
                                    .asText())));
            assertEquals(1, budgets(manifests, workload), "disruption budgets of " + name(workload));
            if (workload.at("/spec").has("serviceName")) {
                JsonNode members =
                        service(manifests, workload.at("/spec/serviceName").asText());
                assertEquals("None", members.at("/spec/clusterIP").asText());
            }
            containers(workload)
                    .flatMap(container -> items(container.path("env")))
                    .filter(variable -> variable.path("name").asText().endsWith("_URL"))
                    .map(variable -> URI.create(variable.path("value").asText()))
                    .forEach(url -> assertEquals(8080, url.getPort()));
        }
        manifests
                .kind("Service")
                .forEach(service -> assertEquals(
                        1,
                        manifests.workloads().stream()
                                .filter(workload -> selects(service.at("/spec/selector"), podLabels(workload)))
                                .count(),
                        "workloads behind the service " + name(service)));
    }

    private static long budgets(Manifests manifests, JsonNode workload) {
        return manifests
                .kind("PodDisruptionBudget")
                .filter(budget -> selects(budget.at("/spec/selector"), podLabels(workload)))
                .count();
    }

    private static JsonNode service(Manifests manifests, String name) {
        return manifests
                .kind("Service")
                .filter(service -> name(service).equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("Expected the Service " + name));
    }

    private static Set<String> named(Manifests manifests, String kind) {
        return manifests.kind(kind).map(Manifests::name).collect(Collectors.toSet());
    }
}
