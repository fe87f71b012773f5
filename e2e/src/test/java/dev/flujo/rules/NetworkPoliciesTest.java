package dev.flujo.rules;

import static dev.flujo.rules.Manifests.items;
import static dev.flujo.rules.Manifests.name;
import static dev.flujo.rules.Manifests.podLabels;
import static dev.flujo.rules.Manifests.selects;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Who may talk to whom in a cluster: this and no more. */
class NetworkPoliciesTest {

    private static Manifests base;

    @BeforeAll
    static void render() {
        base = Manifests.of("base");
    }

    @Test
    void everyPodIsClosedBeforeAnythingIsOpened() {
        JsonNode closed = base.kind("NetworkPolicy")
                .filter(policy -> policy.at("/spec/podSelector").isEmpty())
                .filter(policy -> !policy.path("spec").has("ingress")
                        && !policy.path("spec").has("egress"))
                .findFirst()
                .orElseThrow();

        assertEquals("[\"Ingress\",\"Egress\"]", closed.at("/spec/policyTypes").toString());
    }

    @Test
    void whatAPodMayReachIsWhatItsServiceNeeds() {
        assertEquals(
                Map.of(
                        "pipeline-service",
                        List.of("all-to-dns", "all-to-kafka", "pipeline-service-to-services", "services-to-cassandra"),
                        "build-runner",
                        List.of("all-to-dns", "all-to-kafka", "build-runner-to-the-internet"),
                        "deploy-service",
                        List.of("all-to-dns", "all-to-kafka", "services-to-cassandra"),
                        "metrics-service",
                        List.of("all-to-dns", "all-to-kafka", "services-to-cassandra")),
                opened("egress"));
    }

    @Test
    void whoMayReachAPodIsWhoUsesItsService() {
        assertEquals(
                Map.of(
                        "pipeline-service",
                        List.of("all-from-prometheus", "pipeline-service-from-the-way-in"),
                        "build-runner",
                        List.of("all-from-prometheus"),
                        "deploy-service",
                        List.of(
                                "all-from-prometheus",
                                "environments-from-the-way-in",
                                "services-from-pipeline-service"),
                        "metrics-service",
                        List.of("all-from-prometheus", "services-from-pipeline-service")),
                opened("ingress"));
    }

    @Test
    void nothingIsOpenedToEverybodyOrAtEveryPort() {
        base.kind("NetworkPolicy").forEach(policy -> {
            for (Map.Entry<String, String> way :
                    Map.of("ingress", "from", "egress", "to").entrySet()) {
                items(policy.path("spec").path(way.getKey())).forEach(rule -> {
                    assertEquals(false, rule.path(way.getValue()).isEmpty(), name(policy));
                    assertEquals(false, rule.path("ports").isEmpty(), name(policy));
                });
            }
        });
    }

    @Test
    void jobsCannotReachPrivateNetworks() {
        JsonNode internet = base.kind("NetworkPolicy")
                .filter(policy -> name(policy).equals("build-runner-to-the-internet"))
                .findFirst()
                .orElseThrow();

        assertEquals(
                List.of("10.0.0.0/8", "100.64.0.0/10", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16"),
                items(internet.at("/spec/egress/0/to/0/ipBlock/except"))
                        .map(JsonNode::asText)
                        .toList());
    }

    /** The policies that open a direction, by workload. */
    private static Map<String, List<String>> opened(String direction) {
        Map<String, List<String>> opened = new TreeMap<>();
        for (JsonNode workload : base.workloads()) {
            opened.put(
                    name(workload),
                    base.kind("NetworkPolicy")
                            .filter(policy -> policy.path("spec").has(direction))
                            .filter(policy -> selects(policy.at("/spec/podSelector"), podLabels(workload)))
                            .map(Manifests::name)
                            .sorted()
                            .toList());
        }
        return opened;
    }
}
