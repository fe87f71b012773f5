package dev.flujo.rules;

import static dev.flujo.rules.Manifests.containers;
import static dev.flujo.rules.Manifests.items;
import static dev.flujo.rules.Manifests.name;
import static dev.flujo.rules.Manifests.pod;
import static dev.flujo.rules.Manifests.selects;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What a cluster is given whose runners execute jobs in pods: k8s/components/jobs-in-pods on top of the base. */
class JobsInPodsTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    private static Manifests manifests;

    @BeforeAll
    static void render() {
        manifests = Manifests.with("jobs-in-pods");
    }

    @Test
    void runnersHaveTheirAccountAndNobodyElse() {
        for (JsonNode workload : manifests.workloads()) {
            assertEquals(
                    name(workload).equals("build-runner"),
                    pod(workload).path("automountServiceAccountToken").asBoolean(),
                    name(workload));
        }
    }

    @Test
    void runnersAreToldWhatTheyRead() {
        Set<String> set = new TreeSet<>();
        containers(runner())
                .flatMap(container -> items(container.path("env")))
                .map(variable -> variable.path("name").asText())
                .filter(variable -> variable.startsWith("FLUJO_"))
                .forEach(set::add);

        assertTrue(set.contains("FLUJO_RUNNER_EXECUTOR") && set.contains("FLUJO_RUNNER_KUBERNETES_CLAIM"));
        set.removeAll(Settings.variables("build-runner"));
        assertEquals(Set.of(), set);
    }

    @Test
    void theClaimIsThatOfTheRunnersOwnDirectory() {
        JsonNode claim = containers(runner())
                .flatMap(container -> items(container.path("env")))
                .filter(variable -> variable.path("name").asText().equals("FLUJO_RUNNER_KUBERNETES_CLAIM"))
                .findFirst()
                .orElseThrow();

        assertEquals("state-$(POD_NAME)", claim.path("value").asText());
        assertEquals(
                List.of("state"),
                items(runner().at("/spec/volumeClaimTemplates"))
                        .map(Manifests::name)
                        .toList());
    }

    @Test
    void theRoleIsOfPodsAlone() {
        JsonNode role = manifests.kind("Role").findFirst().orElseThrow();

        assertEquals(1, role.path("rules").size());
        assertEquals("[\"pods\"]", role.at("/rules/0/resources").toString());
        assertFalse(role.at("/rules/0/verbs").toString().contains("*"));
    }

    @Test
    void nobodyReachesAJobAndItReachesWhatItsLabelSays() {
        assertEquals(List.of("default-deny"), policies("none"));
        assertEquals(List.of("default-deny"), policies("allow"));
        assertEquals(List.of("all-to-dns", "default-deny", "jobs-to-the-internet"), policies("open"));
        manifests
                .kind("NetworkPolicy")
                .filter(policy -> policy.path("spec").has("ingress"))
                .forEach(policy -> assertFalse(selects(policy.at("/spec/podSelector"), labels("open")), name(policy)));
    }

    @Test
    void servicesStillAskForNames() {
        JsonNode names = manifests
                .kind("NetworkPolicy")
                .filter(policy -> name(policy).equals("all-to-dns"))
                .findFirst()
                .orElseThrow();

        manifests
                .workloads()
                .forEach(workload -> assertTrue(
                        selects(names.at("/spec/podSelector"), Manifests.podLabels(workload)), name(workload)));
    }

    @Test
    void jobsCannotReachPrivateNetworks() {
        JsonNode internet = manifests
                .kind("NetworkPolicy")
                .filter(policy -> name(policy).equals("jobs-to-the-internet"))
                .findFirst()
                .orElseThrow();

        assertEquals(
                List.of("10.0.0.0/8", "100.64.0.0/10", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16"),
                items(internet.at("/spec/egress/0/to/0/ipBlock/except"))
                        .map(JsonNode::asText)
                        .toList());
    }

    private static List<String> policies(String egress) {
        return manifests
                .kind("NetworkPolicy")
                .filter(policy -> selects(policy.at("/spec/podSelector"), labels(egress)))
                .map(Manifests::name)
                .sorted()
                .toList();
    }

    private static JsonNode labels(String egress) {
        return JSON.valueToTree(Map.of("app.kubernetes.io/name", "flujo-job", "dev.flujo.egress", egress));
    }

    private static JsonNode runner() {
        return manifests.workloads().stream()
                .filter(workload -> name(workload).equals("build-runner"))
                .findFirst()
                .orElseThrow();
    }
}
