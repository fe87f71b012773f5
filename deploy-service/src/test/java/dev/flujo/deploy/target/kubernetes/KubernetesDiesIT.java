package dev.flujo.deploy.target.kubernetes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.flujo.event.Work;
import dev.flujo.event.plan.Deploy;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** A deployment whose process is killed at every point on its way changes the specification once, and comes to its end. */
@Execution(ExecutionMode.CONCURRENT)
class KubernetesDiesIT {

    private static final int KILLED = 137;
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @TempDir
    private Path directory;

    private KubernetesGround ground;

    @BeforeEach
    void begin() {
        ground = new KubernetesGround(directory);
    }

    @Test
    void oneThatSucceedsIsAppliedOnce() throws Exception {
        UUID first = UUID.randomUUID();
        assertEquals("serves " + first, end(first, work("c1", "well")));
        UUID second = UUID.randomUUID();
        Work work = work("c2", "well");

        for (String point : List.of(
                "deploy.before-apply",
                "kubernetes.noted",
                "kubernetes.mid-apply",
                "deploy.mid-rollout",
                "deploy.stage-0.watched",
                "deploy.after-apply-before-record")) {
            assertEquals(KILLED, run(second, work, point).exitValue(), point);
        }

        assertEquals("serves " + second, end(second, work));
        assertEquals(2, deployment("app").getMetadata().getGeneration(), "one change after the first version");
        assertEquals(2, deployment("more").getMetadata().getGeneration());
        assertEquals(second.toString(), annotation("app"));
    }

    @Test
    void oneThatFailsIsTakenBackOnce() throws Exception {
        UUID first = UUID.randomUUID();
        assertEquals("serves " + first, end(first, work("c1", "well")));
        UUID second = UUID.randomUUID();
        Work work = work("c2", "crash");

        for (String point :
                List.of("kubernetes.mid-apply", "deploy.mid-rollout", "deploy.going-back", "deploy.back-routed")) {
            assertEquals(KILLED, run(second, work, point).exitValue(), point);
        }
        String once = end(second, work);
        String again = end(second, work);

        assertTrue(once.contains("CrashLoopBackOff"), once);
        assertEquals(once, again, "the same reason at the same moment");
        assertEquals(3, deployment("app").getMetadata().getGeneration(), "there, and back");
        assertEquals(first.toString(), annotation("app"));
    }

    private Work work(String commit, String like) {
        return ground.work(
                commit,
                Deploy.Rollout.PLAIN,
                PATIENCE,
                Manifest.deployment("app", like),
                Manifest.deployment("more", "well"),
                Manifest.service("app"));
    }

    private String end(UUID deployment, Work work) throws IOException, InterruptedException {
        return DeployOnce.end(directory, ground.cluster().kubeconfig(), deployment, work);
    }

    private Process run(UUID deployment, Work work, String point) throws IOException, InterruptedException {
        return DeployOnce.run(directory, ground.cluster().kubeconfig(), deployment, work, point);
    }

    private Deployment deployment(String name) {
        return ground.cluster()
                .admin()
                .apps()
                .deployments()
                .inNamespace(ground.namespace())
                .withName(name)
                .get();
    }

    private String annotation(String name) {
        return deployment(name).getMetadata().getAnnotations().get("flujo.dev/deploy-id");
    }
}
