package dev.flujo.deploy.target.kubernetes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.flujo.deploy.NotApplied;
import dev.flujo.deploy.Target.Serving;
import dev.flujo.deploy.Target.Version;
import dev.flujo.deploy.TestDesk;
import dev.flujo.deploy.rollout.Application;
import dev.flujo.deploy.rollout.Rollouts;
import dev.flujo.event.plan.Deploy;
import dev.flujo.kit.process.Failpoint;
import dev.flujo.stack.Await;
import dev.flujo.stack.kubernetes.FaultyApi;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An API server that answers late, wrongly, twice or not at all: each deployment still changes the specification once. */
class KubernetesFaultsIT {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    private Path directory;

    private KubernetesGround ground;
    private KubernetesClient admin;
    private FaultyApi api;
    private KubernetesTarget target;

    @BeforeEach
    void standBetween() {
        ground = new KubernetesGround(directory);
        admin = ground.cluster().admin();
        api = ground.cluster().faulty();
        target = ground.target(ground.cluster().kubeconfig(directory, api), Duration.ofSeconds(30));
    }

    @AfterEach
    void end() {
        target.close();
        api.close();
    }

    @Test
    void a429Or500IsAskedAgain() throws Exception {
        api.tooMany(KubernetesFaultsIT::makesTheDeployment)
                .broken(KubernetesFaultsIT::makesTheDeployment)
                .tooMany(KubernetesFaultsIT::writesTheInventory)
                .broken(KubernetesFaultsIT::writesTheInventory)
                .tooMany(KubernetesFaultsIT::looks)
                .broken(KubernetesFaultsIT::looks);

        apply("c1");

        assertEquals(1, deployment().getMetadata().getGeneration());
        assertTrue(api.exhausted());
    }

    @Test
    void whatWasExecutedButNotAnsweredIsNotDoneTwice() throws Exception {
        api.noReply(KubernetesFaultsIT::makesTheDeployment);
        apply("c1");
        api.noReply(KubernetesFaultsIT::changesTheDeployment)
                .noReply(KubernetesFaultsIT::writesTheInventory)
                .noReply(KubernetesFaultsIT::writesTheInventory);

        Serving second = apply("c2");

        assertTrue(second.previous().isPresent());
        assertEquals(2, deployment().getMetadata().getGeneration());
        assertTrue(api.exhausted());
    }

    @Test
    void anOldAnswerNeverCountsAsTheNewState() throws Exception {
        apply("c1");
        for (int i = 0; i < 5; i++) {
            api.oldAnswer(KubernetesFaultsIT::looks);
        }

        Serving second = apply("c2");

        assertEquals(second.deployment().toString(), annotation("flujo.dev/deploy-id"));
        assertEquals(2, deployment().getMetadata().getGeneration());
        assertEquals(1, deployment().getStatus().getAvailableReplicas());
    }

    @Test
    void aRolloutWhoseWatchesAreCutIsSeenToItsEnd() throws Exception {
        CompletableFuture<Serving> serving = begin("c1", "slow");
        assertTrue(Await.until(PATIENCE, () -> api.watches() >= 2));

        api.cutWatches();
        assertTrue(Await.until(PATIENCE, () -> !admin.pods()
                .inNamespace(ground.namespace())
                .list()
                .getItems()
                .isEmpty()));
        ground.kubelet().makeReady(ground.namespace());

        assertTrue(Await.until(PATIENCE, () -> {
            ground.kubelet().makeReady(ground.namespace());
            return serving.isDone();
        }));
        assertEquals(Optional.empty(), serving.get().previous());
    }

    @Test
    void whoeverElseWritesMeanwhileIsReadAgainAndKeptWhereItIsTheirs() throws Exception {
        apply("c1");
        admin.apps()
                .deployments()
                .inNamespace(ground.namespace())
                .withName("app")
                .edit(live -> live.edit()
                        .editMetadata()
                        .addToLabels("theirs", "yes")
                        .endMetadata()
                        .build());
        api.oldAnswer(request -> request.startsWith("GET") && request.contains("/deployments/app"));

        apply("c2");

        assertEquals("yes", deployment().getMetadata().getLabels().get("theirs"));
        assertEquals(2, deployment().getMetadata().getGeneration());
    }

    @Test
    void aNewerDeploymentIsNeverOverwritten() throws Exception {
        UUID newer = UUID.randomUUID();
        target.scale(version(newer, 7, "c2"), 1);

        target.scale(version(UUID.randomUUID(), 6, "c1"), 1);

        assertEquals(newer.toString(), annotation("flujo.dev/deploy-id"));
        assertEquals("7", annotation("flujo.dev/fence"));
        assertEquals(1, deployment().getMetadata().getGeneration());
    }

    @Test
    void aNewerObjectIsNotOverwrittenByOneWhoHasLostTheInventory() throws Exception {
        UUID newer = UUID.randomUUID();
        target.scale(version(newer, 7, "c2"), 1);
        admin.configMaps()
                .inNamespace(ground.namespace())
                .withLabel("app.kubernetes.io/managed-by", "flujo")
                .delete();
        Version older = version(UUID.randomUUID(), 6, "c1");

        target.scale(older, 1);

        assertTrue(target.condition(older).broken().orElseThrow().contains("the newer deployment " + newer));
        assertEquals("7", annotation("flujo.dev/fence"));
    }

    @Test
    void aClusterThatIsAwayForTooLongIsTrouble() throws Exception {
        KubernetesTarget impatient = ground.target(ground.cluster().kubeconfig(directory, api), Duration.ofSeconds(1));
        api.close();

        IOException trouble =
                assertThrows(IOException.class, () -> impatient.scale(version(UUID.randomUUID(), 1, "c1"), 1));

        assertTrue(trouble.getMessage().contains("the API server answers"), trouble.getMessage());
    }

    private static boolean makesTheDeployment(String request) {
        return request.startsWith("POST") && request.contains("/deployments?");
    }

    private static boolean changesTheDeployment(String request) {
        return request.startsWith("PATCH") && request.contains("/deployments/app?");
    }

    private static boolean writesTheInventory(String request) {
        return request.startsWith("PUT") && request.contains("/configmaps/flujo-");
    }

    private static boolean looks(String request) {
        return request.startsWith("GET") && request.endsWith("/deployments/app");
    }

    private Version version(UUID deployment, long fence, String commit) {
        return new Version(
                deployment,
                ground.work(commit, Deploy.Rollout.PLAIN, PATIENCE, Manifest.deployment("app", "well")),
                fence);
    }

    private Serving apply(String commit) throws Exception {
        return rollouts().apply(application(commit, "well"));
    }

    private CompletableFuture<Serving> begin(String commit, String like) {
        CompletableFuture<Serving> serving = new CompletableFuture<>();
        Thread thread = new Thread(() -> {
            try {
                serving.complete(rollouts().apply(application(commit, like)));
            } catch (NotApplied | IOException | InterruptedException e) {
                serving.completeExceptionally(e);
            }
        });
        thread.setDaemon(true);
        thread.start();
        return serving;
    }

    private Application application(String commit, String like) {
        return new Application(
                UUID.randomUUID(),
                ground.work(commit, Deploy.Rollout.PLAIN, PATIENCE, Manifest.deployment("app", like)),
                line -> {},
                Optional::empty);
    }

    private Rollouts rollouts() {
        return new Rollouts(
                directory, target, Optional.empty(), Failpoint.armed(Optional.empty()), TestDesk.in(directory));
    }

    private Deployment deployment() {
        return admin.apps()
                .deployments()
                .inNamespace(ground.namespace())
                .withName("app")
                .get();
    }

    private String annotation(String name) {
        Map<String, String> annotations = deployment().getMetadata().getAnnotations();
        return annotations.get(name);
    }
}
