package dev.flujo.rules;

import static dev.flujo.rules.Manifests.containers;
import static dev.flujo.rules.Manifests.items;
import static dev.flujo.rules.Manifests.name;
import static dev.flujo.rules.Manifests.selects;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.flujo.e2e.Machine;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What a cluster is given whose jobs reach hosts by name: k8s/components/job-egress on top of jobs in pods. */
class JobEgressTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    private static Manifests manifests;

    @BeforeAll
    static void render() {
        manifests = Manifests.with("jobs-in-pods", "job-egress");
    }

    @Test
    void jobsReachTheirProxyAndNothingElse() {
        assertEquals(
                List.of("default-deny", "jobs-to-their-proxy"),
                policies(Map.of("app.kubernetes.io/name", "flujo-job", "dev.flujo.egress", "allow")));
    }

    @Test
    void theProxyReachesTheInternetAndIsReachedByJobsAlone() {
        assertEquals(
                List.of("all-to-dns", "default-deny", "job-egress-from-jobs", "job-egress-to-the-internet"),
                policies(Manifests.podLabels(workload("job-egress"))));
    }

    @Test
    void theProxyIsOfTheImageOfTheRunner() {
        assertEquals(image("build-runner"), image("job-egress"));
        assertTrue(image("job-egress").contains(":"), image("job-egress"));
    }

    @Test
    void theProxyBeginsAsItsPodSays() throws IOException, InterruptedException {
        Path app = Machine.checkout().resolve("build-runner/target/quarkus-app");
        Machine.needs(
                Files.isDirectory(app), "Expected the build-runner to be packaged, but it is not; run mvn package.");
        List<String> command = items(containers(workload("job-egress"))
                        .findFirst()
                        .orElseThrow()
                        .path("command"))
                .map(word -> word.asText().replace("/opt/flujo", app.toString()))
                .toList();
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().put("FLUJO_EGRESS_PORT", "0");

        Process proxy = builder.start();
        try (BufferedReader words = proxy.inputReader()) {
            String said = String.valueOf(words.readLine());
            assertTrue(said.matches("port [0-9]+ leads to no host"), said);
        } finally {
            proxy.destroyForcibly().waitFor();
        }
    }

    @Test
    void theProxyKeepsToTheRestrictedStandard() {
        JsonNode pod = workload("job-egress").at("/spec/template/spec");

        assertEquals("false", pod.path("automountServiceAccountToken").toString());
        assertEquals("true", pod.at("/securityContext/runAsNonRoot").toString());
        assertEquals(
                "RuntimeDefault", pod.at("/securityContext/seccompProfile/type").asText());
        assertEquals(
                JSON.valueToTree(Map.of(
                        "allowPrivilegeEscalation",
                        false,
                        "readOnlyRootFilesystem",
                        true,
                        "capabilities",
                        Map.of("drop", List.of("ALL")))),
                pod.at("/containers/0/securityContext"));
    }

    @Test
    void runnersAreToldOfIt() {
        List<String> told = containers(workload("build-runner"))
                .flatMap(container -> items(container.path("env")))
                .filter(variable -> variable.path("name").asText().startsWith("FLUJO_RUNNER_KUBERNETES_"))
                .map(variable -> variable.path("name").asText() + "="
                        + variable.path("value").asText())
                .toList();

        assertTrue(
                told.containsAll(List.of(
                        "FLUJO_RUNNER_KUBERNETES_NETWORK=allow",
                        "FLUJO_RUNNER_KUBERNETES_PROXY=http://job-egress:3128")),
                told.toString());
        assertTrue(Settings.variables("build-runner").contains("FLUJO_RUNNER_KUBERNETES_PROXY"));
    }

    private static String image(String workload) {
        return containers(workload(workload))
                .findFirst()
                .orElseThrow()
                .path("image")
                .asText();
    }

    private static JsonNode workload(String name) {
        return manifests.workloads().stream()
                .filter(workload -> name(workload).equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static List<String> policies(Object of) {
        JsonNode labels = JSON.valueToTree(of);
        return manifests
                .kind("NetworkPolicy")
                .filter(policy -> selects(policy.at("/spec/podSelector"), labels))
                .map(Manifests::name)
                .sorted()
                .toList();
    }
}
