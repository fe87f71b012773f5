package dev.flujo.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.flujo.stack.Await;
import dev.flujo.stack.LocalStack;
import dev.flujo.stack.ServiceMember;
import dev.flujo.stack.kubernetes.FakeNode;
import dev.flujo.stack.kubernetes.TestCluster;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.authentication.TokenRequestBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A change on its way through all four services into a Kubernetes cluster, with no more rights there than docs/deploying-kubernetes.md
 * gives a deploy-service. The API server and its controllers are real, pods only say how they are.
 */
class ClusterIT {

    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final String SERVICE = "deploy-service";
    private static final String SCHEDULER = "flujo-e2e";
    private static final Path ROLE = Machine.checkout().resolve("k8s/components/deploy-target/role.yaml");
    private static final String DIGEST = "@sha256:" + "0123456789abcdef".repeat(4);

    @TempDir
    Path clusters;

    private final String project = "p" + UUID.randomUUID().toString().substring(0, 8);
    private final String environment = "/api/v1/environments/" + project + "/production";

    private LocalStack stack;
    private Client client;
    private Invariants invariants;
    private KubernetesClient admin;
    private String namespace;
    private FakeNode<ImagePod> node;

    @BeforeEach
    void letDeployServiceKnowTheCluster() throws IOException {
        TestCluster cluster = TestCluster.shared();
        admin = cluster.admin();
        namespace = cluster.namespace();
        node = new FakeNode<>(
                admin,
                SCHEDULER,
                Await.freePort(),
                admin.pods().inNamespace(namespace).withField("spec.schedulerName", SCHEDULER),
                pod -> new ImagePod(admin, pod));
        Files.move(cluster.kubeconfig(clusters, token()), clusters.resolve("default"));
        SharedStack shared = SharedStack.get();
        stack = shared.stack();
        client = new Client(stack.url(), stack.adminToken());
        invariants = new Invariants(client);
        restart(shared.with(
                SERVICE, Map.of("FLUJO_KUBERNETES_DIRECTORY", clusters.toString(), "FLUJO_DEPLOY_DRIFT", "1s")));
    }

    @AfterEach
    void leaveEverythingAsItWas() {
        node.close();
        restart(stack);
    }

    @Test
    void aGoodChangeComesIntoTheClusterStepByStepAndABadOneGoesBackWithItsPodsReason() {
        submit();
        String first = start("one");
        assertEquals(Map.of(first, "SUCCEEDED"), invariants.allEnd(List.of(first), PATIENCE));
        Instant then = Instant.now();
        String second = start("two");
        JsonNode asking = asking(second);
        assertEquals(50, asking.path("percent").asInt(), asking.toString());
        String bad = start("missing");
        assertTrue(Await.until(PATIENCE, () -> why(bad).contains("lock")), () -> why(bad));
        promote(asking);

        assertEquals(Map.of(second, "SUCCEEDED"), invariants.allEnd(List.of(second), PATIENCE));
        assertEquals(Map.of(bad, "FAILED"), invariants.allEnd(List.of(bad), PATIENCE));

        String told = client.get("/api/v1/runs/" + bad + "/jobs/production")
                .orElseThrow()
                .path("reason")
                .asText();
        assertTrue(told.contains("ImagePullBackOff"), told);
        assertTrue(told.contains("registry.test/missing"), told);
        assertEquals(second, client.get(environment).orElseThrow().path("run").asText());
        assertEquals(
                first,
                client.get(environment + "?asOf=" + then)
                        .orElseThrow()
                        .path("run")
                        .asText());
        assertEquals(
                "http://shop." + namespace + ".svc",
                client.get("/api/v1/runs/" + second + "/jobs/production")
                        .orElseThrow()
                        .path("url")
                        .asText());
        for (String run : List.of(first, second, bad)) {
            invariants.historyIsWhole(run);
        }
        isLabelled(second);
        tellsDrift();
        isTakenDown();
    }

    /** Only what serves is left, and says where it comes from. */
    private void isLabelled(String run) {
        assertTrue(Await.until(PATIENCE, () -> deployments().size() == 1), () -> names().toString());
        Deployment serving = deployments().get(0);
        Map<String, String> labels = serving.getMetadata().getLabels();
        assertEquals("flujo", labels.get("app.kubernetes.io/managed-by"));
        assertEquals(project, labels.get("app.kubernetes.io/part-of"));
        assertEquals(run, serving.getMetadata().getAnnotations().get("flujo.dev/run-id"));
        assertEquals(
                "registry.test/two" + DIGEST,
                serving.getSpec().getTemplate().getSpec().getContainers().get(0).getImage());
    }

    /** Somebody changes what runs. */
    private void tellsDrift() {
        Deployment serving = deployments().get(0);
        admin.apps()
                .deployments()
                .inNamespace(namespace)
                .withName(serving.getMetadata().getName())
                .scale(1);

        assertTrue(
                Await.until(PATIENCE, () -> drift().contains("spec.replicas")), () -> "drift of replicas: " + drift());
    }

    private void isTakenDown() {
        assertEquals(202, client.status("DELETE", environment, ""));

        assertTrue(
                Await.until(
                        PATIENCE, () -> names().size() == 1 && names().get(0).startsWith("flujo-" + project)),
                () -> names().toString());
        assertTrue(Await.until(PATIENCE, () -> client.get(environment + "/history")
                .orElseThrow()
                .at("/items/0/state")
                .asText()
                .equals("TAKEN_DOWN")));
    }

    private void submit() {
        client.submit(
                project,
                "main",
                "",
                """
                name: main
                on: manual
                inputs: {image: {required: true}}
                jobs:
                  build:
                    steps:
                      - run: |
                          mkdir k8s
                          cat > k8s/all.yml <<'END'
                          apiVersion: apps/v1
                          kind: Deployment
                          metadata: {name: shop}
                          spec:
                            replicas: 2
                            selector: {matchLabels: {app.kubernetes.io/name: shop}}
                            template:
                              metadata: {labels: {app.kubernetes.io/name: shop}}
                              spec:
                                schedulerName: flujo-e2e
                                terminationGracePeriodSeconds: 1
                                containers: [{name: shop, image: shop}]
                          ---
                          apiVersion: v1
                          kind: Service
                          metadata: {name: shop}
                          spec:
                            selector: {app.kubernetes.io/name: shop}
                            ports: [{port: 80, targetPort: 8080}]
                          END
                    artifacts: {paths: [k8s/**]}
                  production:
                    needs: build
                    timeout: 10m
                    deploy:
                      environment: production
                      from: build
                      manifests: k8s/*.yml
                      images: {shop: "registry.test/${{ inputs.image }}%s"}
                      namespace: %s
                      replicas: 2
                      health: {timeout: 2m}
                      strategy: {canary: {steps: [{weight: 50, pause: 1s, approval: true}]}}
                """
                        .formatted(DIGEST, namespace));
    }

    private String start(String image) {
        return client.start(project, "main", "{\"branch\":\"main\",\"inputs\":{\"image\":\"" + image + "\"}}");
    }

    private JsonNode asking(String run) {
        List<JsonNode> found = new ArrayList<>();
        assertTrue(
                Await.until(PATIENCE, () -> {
                    client.get(environment + "/rollout")
                            .filter(rollout -> rollout.hasNonNull("question"))
                            .ifPresent(found::add);
                    return !found.isEmpty();
                }),
                () -> client.get("/api/v1/runs/" + run + "/jobs/production") + " " + names());
        return found.get(0);
    }

    private void promote(JsonNode asking) {
        String answer = "{\"deployment\":\"%s\",\"stage\":%d,\"promote\":true}"
                .formatted(
                        asking.path("deployment").asText(), asking.path("stage").asInt());
        assertEquals(202, client.status("POST", environment + "/rollout", answer));
    }

    private String why(String run) {
        return client.get("/api/v1/runs/" + run + "/why")
                .map(JsonNode::toString)
                .orElse("nothing");
    }

    private String drift() {
        return client.get(environment + "/drift").map(JsonNode::toString).orElse("nothing");
    }

    private List<Deployment> deployments() {
        return admin.apps().deployments().inNamespace(namespace).list().getItems();
    }

    /** What is in the namespace besides what Kubernetes itself puts there. */
    private List<String> names() {
        return Stream.of(
                        deployments(),
                        admin.services().inNamespace(namespace).list().getItems(),
                        admin.pods().inNamespace(namespace).list().getItems(),
                        admin.configMaps().inNamespace(namespace).list().getItems())
                .flatMap(List::stream)
                .map(object -> ((HasMetadata) object).getMetadata().getName())
                .filter(name -> !name.equals("kube-root-ca.crt"))
                .toList();
    }

    /** The account that the page has, with the rights that the role gives it in this namespace. */
    private String token() throws IOException {
        admin.namespaces()
                .resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName("flujo")
                        .endMetadata()
                        .build())
                .serverSideApply();
        admin.serviceAccounts()
                .inNamespace("flujo")
                .resource(new ServiceAccountBuilder()
                        .withNewMetadata()
                        .withName(SERVICE)
                        .endMetadata()
                        .build())
                .serverSideApply();
        admin.load(Files.newInputStream(ROLE)).inNamespace(namespace).serverSideApply();
        return admin.serviceAccounts()
                .inNamespace("flujo")
                .withName(SERVICE)
                .tokenRequest(new TokenRequestBuilder().withNewSpec().endSpec().build())
                .getStatus()
                .getToken();
    }

    private void restart(LocalStack as) {
        stack.service(SERVICE).process().stop(Duration.ofSeconds(20));
        ServiceMember service = as.service(SERVICE);
        service.start();
        service.awaitReady();
    }
}
