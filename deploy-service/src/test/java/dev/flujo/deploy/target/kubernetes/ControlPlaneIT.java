package dev.flujo.deploy.target.kubernetes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.flujo.stack.Await;
import dev.flujo.stack.kubernetes.TestCluster;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The API server and the controllers that the tests of the target rely on are real, and the pods do what they are told. */
class ControlPlaneIT {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final TestCluster cluster = TestCluster.shared();
    private final FakeKubelet kubelet = FakeKubelet.shared();
    private final KubernetesClient admin = cluster.admin();
    private final String namespace = cluster.namespace();

    @Test
    void aDeploymentIsRolledOutByItsController() {
        apply("well");

        assertTrue(Await.until(PATIENCE, () -> available("app") == 1));
    }

    @Test
    void aSlowPodIsReadyWhenTheTestSaysSo() {
        apply("slow");
        assertTrue(Await.until(
                PATIENCE, () -> pods().stream().anyMatch(pod -> !statuses(pod).isEmpty())));
        assertEquals(0, available("app"));

        kubelet.makeReady(namespace);

        assertTrue(Await.until(PATIENCE, () -> available("app") == 1));
    }

    @Test
    void aPodThatCrashesHasAReasonAndALog() {
        apply("crash");

        assertTrue(Await.until(PATIENCE, () -> pods().stream().anyMatch(pod -> waits(pod, "CrashLoopBackOff"))));
        String name = pods().get(0).getMetadata().getName();
        assertEquals(
                "no database",
                admin.pods()
                        .inNamespace(namespace)
                        .withName(name)
                        .tailingLines(1)
                        .getLog()
                        .strip());
    }

    @Test
    void whatADeploymentHasMadeEndsWithIt() {
        apply("well");
        assertTrue(Await.until(PATIENCE, () -> available("app") == 1));

        admin.apps().deployments().inNamespace(namespace).withName("app").delete();

        assertTrue(Await.until(PATIENCE, () -> pods().isEmpty()));
    }

    private void apply(String like) {
        admin.resource(Manifest.deployment("app", like)).inNamespace(namespace).serverSideApply();
    }

    private int available(String name) {
        var deployment =
                admin.apps().deployments().inNamespace(namespace).withName(name).get();
        Integer available = deployment == null || deployment.getStatus() == null
                ? null
                : deployment.getStatus().getAvailableReplicas();
        return available == null ? 0 : available;
    }

    private List<Pod> pods() {
        return admin.pods().inNamespace(namespace).list().getItems();
    }

    private static List<io.fabric8.kubernetes.api.model.ContainerStatus> statuses(Pod pod) {
        PodStatus status = pod.getStatus();
        return status == null ? List.of() : status.getContainerStatuses();
    }

    private static boolean waits(Pod pod, String reason) {
        return statuses(pod).stream()
                .anyMatch(status -> status.getState().getWaiting() != null
                        && reason.equals(status.getState().getWaiting().getReason()));
    }
}
