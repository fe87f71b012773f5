package dev.flujo.deploy.target.kubernetes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.flujo.deploy.NotApplied;
import dev.flujo.deploy.Target.Condition;
import dev.flujo.deploy.Target.Version;
import dev.flujo.deploy.TestDesk;
import dev.flujo.deploy.rollout.Application;
import dev.flujo.deploy.rollout.Rollouts;
import dev.flujo.event.Work;
import dev.flujo.event.plan.Deploy;
import dev.flujo.kit.process.Failpoint;
import dev.flujo.stack.Await;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How fast the kubernetes target sees what a cluster knows, and what watching costs; {@code bench/kubernetes} runs it. */
class KubernetesFigures {

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int CRASHES = 21;
    private static final int ENVIRONMENTS = 500;
    private static final double MIB = 1024 * 1024;

    @TempDir
    private Path directory;

    @Test
    void crashLoopDetected() throws Exception {
        List<Double> millis = new ArrayList<>();
        for (int i = 0; i < CRASHES; i++) {
            millis.add(crash(new KubernetesGround(directory)));
        }
        millis.sort(null);
        double longest = millis.get(CRASHES - 1);
        System.out.printf(
                "| crash loop detected after the cluster knows, p50 of %d | %.0f ms |%n",
                CRASHES, millis.get(CRASHES / 2));
        System.out.printf("| ... longest, at most 2000 | %.0f ms |%n", longest);
        assertTrue(longest <= 2000, () -> millis.toString());
    }

    @Test
    void environmentsWatchedWithMemory() throws Exception {
        KubernetesGround ground = new KubernetesGround(directory);
        KubernetesTarget target = ground.target();
        double before = heap();
        List<Version> versions = new ArrayList<>();
        for (int i = 0; i < ENVIRONMENTS; i++) {
            KubernetesGround own = new KubernetesGround(directory);
            Work work = own.work(
                    "e" + i, "c1", Deploy.Rollout.PLAIN, PATIENCE, Map.of(), Manifest.deployment("app", "slow"));
            Version version = new Version(UUID.randomUUID(), work, 1);
            target.scale(version, 1);
            versions.add(version);
        }
        Instant began = Instant.now();
        look(target, versions);
        double first = Duration.between(began, Instant.now()).toMillis();
        look(target, versions);
        double used = heap() - before;
        target.close();
        System.out.printf("| %d environments seen once | %.0f ms |%n", ENVIRONMENTS, first);
        System.out.printf(
                "| heap of the watched environments and of the kubelet that is played, at most 128 | %.1f MiB |%n",
                used);
        assertTrue(used <= 128, () -> used + " MiB");
    }

    private static void look(KubernetesTarget target, List<Version> versions) throws IOException, InterruptedException {
        for (Version version : versions) {
            Condition condition = target.condition(version);
            assertEquals(1, condition.wanted());
        }
    }

    /** From the moment in which the pod's state is written until the rollout goes back. */
    private double crash(KubernetesGround ground) {
        Work work = ground.work("c1", Deploy.Rollout.PLAIN, PATIENCE, Manifest.deployment("app", "slow"));
        Rollouts rollouts = new Rollouts(
                directory,
                ground.target(),
                Optional.empty(),
                Failpoint.armed(Optional.empty()),
                TestDesk.in(directory));
        CompletableFuture<Instant> back = CompletableFuture.supplyAsync(() -> {
            try {
                rollouts.apply(new Application(UUID.randomUUID(), work, line -> {}, Optional::empty));
                throw new AssertionError("Expected a version that crashes not to serve");
            } catch (NotApplied e) {
                return e.at();
            } catch (IOException | InterruptedException e) {
                throw new AssertionError(e);
            }
        });
        FakeKubelet kubelet = ground.kubelet();
        assertTrue(Await.until(PATIENCE, () -> kubelet.hasBegun(ground.namespace(), 1)));
        kubelet.crash(ground.namespace());
        Instant known = Instant.now();
        return Duration.between(known, back.join()).toNanos() / 1e6;
    }

    private static double heap() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return (runtime.totalMemory() - runtime.freeMemory()) / MIB;
    }
}
