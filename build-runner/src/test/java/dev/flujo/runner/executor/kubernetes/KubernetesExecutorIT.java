package dev.flujo.runner.executor.kubernetes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.flujo.event.JobEvent.Image;
import dev.flujo.event.Work;
import dev.flujo.event.plan.Placement;
import dev.flujo.event.plan.Step;
import dev.flujo.runner.AttemptDirectory;
import dev.flujo.runner.Works;
import dev.flujo.runner.executor.Execution;
import dev.flujo.runner.executor.Execution.Transition;
import dev.flujo.runner.executor.JobExecutor;
import dev.flujo.runner.executor.JobExecutorContract;
import dev.flujo.runner.executor.RefusedException;
import dev.flujo.stack.Await;
import dev.flujo.stack.kubernetes.FaultyApi;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Jobs in pods that a real API server has admitted, and whose containers a real engine executes. */
class KubernetesExecutorIT extends JobExecutorContract {

    private static final Map<String, String> ENVIRONMENT = Map.of("PATH", "/usr/bin:/bin");
    private static final Duration PATIENCE = Duration.ofSeconds(50);

    private final List<KubernetesExecutor> made = new ArrayList<>();
    private final String runner = "runner-test-" + UUID.randomUUID();
    private TestKubernetes kubernetes;

    @Override
    protected JobExecutor executor(Path root) throws IOException {
        return executor(Map.of());
    }

    private KubernetesExecutor executor(Map<String, String> config) throws IOException {
        if (kubernetes == null) {
            kubernetes = TestKubernetes.open(root.getParent());
        }
        Map<String, String> all = new java.util.HashMap<>(config);
        all.put("claim-directory", root.getFileName().toString());
        KubernetesExecutor fresh = new KubernetesExecutor(kubernetes.config(all), root, runner);
        made.add(fresh);
        return fresh;
    }

    @AfterEach
    void leaveNothing() throws IOException {
        made.forEach(KubernetesExecutor::close);
        if (kubernetes != null) {
            kubernetes.close();
        }
    }

    @Test
    void runsStepsAsSomebodyWithoutAnyRight() throws Exception {
        Work work = Works.of(
                "id -u; grep -E '^(CapEff|NoNewPrivs|Seccomp):' /proc/self/status | tr -d '\\t'",
                "touch /etc/x /flujo/x /flujo/steps/x /flujo/bin/x /flujo/control/x || true; touch /tmp/x /flujo/home/x x /flujo/outputs/x",
                "env | grep -c FLUJO_POD || true; ls /var/run/secrets/kubernetes.io /flujo; true");

        follow(begin(work));

        assertEquals(
                "10001\nCapEff:0000000000000000\nNoNewPrivs:1\nSeccomp:2\n", Files.readString(directory.output(0)));
        String refused = Files.readString(directory.output(1));
        assertEquals(
                5,
                refused.lines()
                        .filter(line -> line.contains("Read-only file system"))
                        .count(),
                refused);
        assertTrue(Files.exists(directory.workspace().resolve("x"))
                && Files.exists(directory.outputs().resolve("x")));
        String seen = Files.readString(directory.output(2));
        assertTrue(seen.startsWith("0\n") && seen.contains("No such file"), seen);
    }

    @Test
    void asksForAPodThatHasNothingButItsOwn() throws Exception {
        begin(Works.of(lasting()));

        var spec = onlyPod().getSpec();

        assertEquals(false, spec.getAutomountServiceAccountToken());
        assertEquals("Never", spec.getRestartPolicy());
        assertEquals(
                "RuntimeDefault", spec.getSecurityContext().getSeccompProfile().getType());
        assertEquals(1, spec.getVolumes().size());
        assertEquals(
                "runner", spec.getVolumes().get(0).getPersistentVolumeClaim().getClaimName());
        spec.getContainers()
                .get(0)
                .getVolumeMounts()
                .forEach(
                        mount -> assertTrue(mount.getSubPath().startsWith(root.getFileName() + "/"), mount.toString()));
        assertEquals(
                new Quantity("256Mi"),
                spec.getContainers().get(0).getResources().getLimits().get("memory"));
    }

    @Test
    void givesAJobWhatItAsksFor() throws Exception {
        Placement large = new Placement(
                Optional.empty(),
                List.of(),
                0,
                Optional.empty(),
                Optional.empty(),
                Map.of(),
                Optional.of(new Placement.Resources(Optional.of("1500m"), Optional.of("1Gi"), Optional.empty(), 0)));
        begin(Works.of(List.of(new Step("wait", lasting(), Map.of())), large));

        var resources = onlyPod().getSpec().getContainers().get(0).getResources();

        assertEquals(new Quantity("1Gi"), resources.getLimits().get("memory"));
        assertEquals(new Quantity("1500m"), resources.getRequests().get("cpu"));
    }

    @Test
    void aJobThatMayReachHostsByNameIsToldOfTheirProxy() throws Exception {
        executor = executor(Map.of("network", "allow", "proxy", "http://localhost:3128"));

        follow(begin(Works.of("echo $HTTPS_PROXY $http_proxy $NO_PROXY")));

        assertEquals(
                "http://127.0.0.1:3128 http://127.0.0.1:3128 localhost,127.0.0.1\n",
                Files.readString(directory.output(0)));
        assertEquals("allow", onlyPod().getMetadata().getLabels().get("dev.flujo.egress"));
        assertTrue(executor.isolation().contains("the hosts that their proxy allows"), executor.isolation());
    }

    @Test
    void whoeverAllowsHostsByNameNamesTheirProxy() {
        IllegalArgumentException none =
                assertThrows(IllegalArgumentException.class, () -> executor(Map.of("network", "allow")));
        IllegalArgumentException other = assertThrows(
                IllegalArgumentException.class, () -> executor(Map.of("network", "allow", "proxy", "https://proxy")));

        assertTrue(none.getMessage().startsWith("Expected flujo.runner.kubernetes.proxy to name"), none.getMessage());
        assertEquals(
                "Expected flujo.runner.kubernetes.proxy as http://host:port, but found 'https://proxy'",
                other.getMessage());
    }

    @Test
    void saysWhichImageRuns() throws Exception {
        Image image = executor.prepare(Works.of("true"), () -> false).orElseThrow();

        assertEquals(kubernetes.config(Map.of()).image(), image.name());
        assertTrue(image.digest().matches("sha256:[0-9a-f]{64}"), image.digest());
    }

    @Test
    void makesOnePodHoweverOftenItIsAsked() throws Exception {
        Work work = Works.of("echo once");
        executor.prepare(work, () -> false);
        Pod first = onlyPod();

        executor.prepare(work, () -> false);
        executor(Map.of()).prepare(work, () -> false);

        assertEquals(first.getMetadata().getUid(), onlyPod().getMetadata().getUid());
        assertEquals(List.of("began 0", "ended 0 0", "done"), follow(begin(work)));
        assertEquals(first.getMetadata().getUid(), onlyPod().getMetadata().getUid());
    }

    @Test
    void makesOnePodWhereTheAnswerIsLost() throws Exception {
        try (FaultyApi api = kubernetes.cluster().faulty()) {
            api.noReply(request -> request.startsWith("POST") && request.contains("/pods"));
            KubernetesExecutor through = executor(Map.of("kubeconfig", kubeconfig(api)));

            assertTrue(through.prepare(Works.of("true"), () -> false).isPresent());

            assertTrue(api.exhausted());
            onlyPod();
        }
    }

    @Test
    void leavesNoPodBehindOfWhichItNeverHeard() throws Exception {
        try (FaultyApi api = kubernetes.cluster().faulty()) {
            KubernetesExecutor through = executor(Map.of("kubeconfig", kubeconfig(api)));
            for (int times = 0; times < 10; times++) {
                api.noReply(request -> request.startsWith("POST") && request.contains("/pods"));
            }

            assertThrows(IOException.class, () -> through.prepare(Works.of("true"), () -> false));

            assertTrue(Await.until(PATIENCE, () -> kubernetes.pods().isEmpty()));
            assertTrue(api.requests().stream().anyMatch(request -> request.startsWith("DELETE")));
        }
    }

    @Test
    void leavesAPodAloneThatIsSomebodyElses() throws Exception {
        Work work = Works.of("true");
        executor.prepare(work, () -> false);
        KubernetesExecutor other = new KubernetesExecutor(
                kubernetes.config(Map.of("claim-directory", "elsewhere")),
                Files.createDirectories(root.resolve("elsewhere")),
                "another-runner");
        made.add(other);

        IOException failure = assertThrows(IOException.class, () -> other.prepare(work, () -> false));

        assertTrue(failure.getMessage().contains("somebody else's"), failure.getMessage());
        assertFalse(PodState.ending(onlyPod()));
    }

    @Test
    void tellsRuntimesByTrust() throws Exception {
        for (String name : List.of("usual", "strict")) {
            kubernetes.runtimeClass(name);
        }
        KubernetesExecutor strict = executor(Map.of("runtime-class", "usual", "untrusted-runtime-class", "strict"));
        Work trusted = Works.of("true");
        Work untrusted = untrusted(Works.of("true"));

        strict.prepare(trusted, () -> false);
        strict.prepare(untrusted, () -> false);

        assertEquals("usual", pod(trusted).getSpec().getRuntimeClassName());
        assertEquals("strict", pod(untrusted).getSpec().getRuntimeClassName());
    }

    private static Work untrusted(Work work) {
        return new Work(
                work.project(),
                work.pipeline(),
                work.attempt(),
                work.job(),
                work.revision(),
                Map.of(Work.TRUST, Work.UNTRUSTED),
                work.by(),
                work.artifacts());
    }

    @Test
    void saysAtOnceThatThereIsNoSuchImage() throws Exception {
        KubernetesExecutor pulling = executor(Map.of("pull", "missing"));
        Work work = Works.in("flujo.example/no-such-image:1", "true");

        IOException failure = assertThrows(IOException.class, () -> pulling.prepare(work, () -> false));

        assertTrue(failure.getMessage().contains("flujo.example/no-such-image:1"), failure.getMessage());
        assertTrue(failure.getMessage().contains("not found"), failure.getMessage());
        assertTrue(Await.until(PATIENCE, () -> kubernetes.pods().isEmpty()));
    }

    @Test
    void refusesAnImageThatIsNotThereAndMayNotBePulled() {
        Work work = Works.in("flujo.example/no-such-image:1", "true");

        RefusedException refused = assertThrows(RefusedException.class, () -> executor.prepare(work, () -> false));

        assertTrue(refused.getMessage().contains("flujo.example/no-such-image:1"), refused.getMessage());
    }

    @Test
    void saysAtOnceThatNoNodeHasRoom() throws Exception {
        KubernetesExecutor elsewhere = executor(Map.of("node", "another"));

        IOException failure = assertThrows(IOException.class, () -> elsewhere.prepare(Works.of("true"), () -> false));

        assertTrue(failure.getMessage().contains("0/1 nodes are available"), failure.getMessage());
    }

    @Test
    void waitsForANodeWhereItMayUntilItIsStopped() throws Exception {
        KubernetesExecutor elsewhere = executor(Map.of("node", "another", "node-patience", "1h"));

        Optional<Image> image = elsewhere.prepare(Works.of("true"), () -> kubernetes.pods().stream()
                .anyMatch(pod -> !pod.getStatus().getConditions().isEmpty()));

        assertEquals(Optional.empty(), image);
        assertTrue(Await.until(PATIENCE, () -> kubernetes.pods().isEmpty()));
    }

    @Test
    void keepsToTheNodeOfTheVolume() throws Exception {
        KubernetesExecutor here = executor(Map.of("node", kubernetes.nodeName()));

        assertTrue(here.prepare(Works.of("true"), () -> false).isPresent());
    }

    @Test
    void saysWhatTheNamespaceDoesNotAllow() {
        kubernetes.limitMemory("100Mi");

        RefusedException refused =
                assertThrows(RefusedException.class, () -> executor.prepare(Works.of("true"), () -> false));

        assertTrue(refused.getMessage().contains("maximum memory usage per Container is 100Mi"), refused.getMessage());
    }

    @Test
    void saysThatTheQuotaIsUsedUpAndThatItMayBeOtherwiseLater() {
        kubernetes.noMorePods();

        IOException failure = assertThrows(IOException.class, () -> executor.prepare(Works.of("true"), () -> false));

        assertTrue(failure.getMessage().contains("exceeded quota"), failure.getMessage());
    }

    @Test
    void saysThatSomebodyHasDeletedThePod() throws Exception {
        Execution execution = begin(Works.of(lasting()));
        assertInstanceOf(Transition.StepBegan.class, execution.next());

        kubernetes.admin().resource(onlyPod()).withGracePeriod(1).delete();

        Transition.Vanished vanished = assertInstanceOf(Transition.Vanished.class, lastOf(execution));
        assertTrue(vanished.why().orElseThrow().contains("its pod"), vanished.toString());
        execution.stop(Duration.ZERO);
    }

    /** What is told last; a step that the pod's end has ended may be told before. */
    private static Transition lastOf(Execution execution) throws Exception {
        Transition next = execution.next();
        return next instanceof Transition.StepEnded ? lastOf(execution) : next;
    }

    @Test
    void takesUpThePodThatGoesOn() throws Exception {
        Work work = Works.of("until [ -e go ]; do sleep 0.02; done; echo went");
        begin(work);
        made.get(0).close();

        KubernetesExecutor again = executor(Map.of());
        again.keepOnly(List.of(directory));
        assertTrue(again.begun(directory));
        Execution execution = again.takeUp(directory, work);
        assertInstanceOf(Transition.StepBegan.class, execution.next());
        Files.writeString(directory.workspace().resolve("go"), "");

        assertEquals(List.of("ended 0 0", "done"), follow(execution));
        assertEquals("went\n", Files.readString(directory.output(0)));
        execution.stop(PATIENCE);
        assertTrue(Await.until(PATIENCE, () -> kubernetes.pods().isEmpty()));
    }

    @Test
    void needsNoMoreRightsThanThoseThatAreShipped() throws Exception {
        Path kubeconfig = kubernetes.cluster().kubeconfig(root, "flujo", "build-runner");
        kubernetes
                .admin()
                .load(Files.newInputStream(Path.of("../k8s/components/jobs-in-pods/role.yaml")))
                .inNamespace(kubernetes.namespace())
                .serverSideApply();
        KubernetesExecutor allowed = executor(Map.of("kubeconfig", kubeconfig.toString()));
        allowed.keepOnly(List.of());
        Work work = Works.of("echo done");
        assertTrue(allowed.prepare(work, () -> false).isPresent());

        Execution execution = allowed.begin(directory, work, ENVIRONMENT);

        assertEquals(List.of("began 0", "ended 0 0", "done"), follow(execution));
        execution.stop(Duration.ZERO);
        assertTrue(Await.until(PATIENCE, () -> kubernetes.pods().isEmpty()));
    }

    @Test
    void losesNothingWhileTheApiServerIsAway() throws Exception {
        try (FaultyApi api = kubernetes.cluster().faulty()) {
            KubernetesExecutor through = executor(Map.of("kubeconfig", kubeconfig(api)));
            Work work = Works.of("until [ -e go ]; do sleep 0.02; done; echo went", "echo on");
            Execution execution = through.begin(directory, work, ENVIRONMENT);
            assertInstanceOf(Transition.StepBegan.class, execution.next());

            api.goAway();
            Files.writeString(directory.workspace().resolve("go"), "");
            List<String> seen = follow(execution);
            BooleanSupplier back = () -> api.requests().stream().anyMatch(request -> request.startsWith("DELETE"));
            Thread comesBack = new Thread(() -> {
                Await.until(PATIENCE, back);
                api.comeBack();
            });
            comesBack.start();
            execution.stop(Duration.ofSeconds(1));
            comesBack.join();

            assertEquals(List.of("ended 0 0", "began 1", "ended 1 0", "done"), seen);
            assertEquals("on\n", Files.readString(directory.output(1)));
            assertTrue(Await.until(PATIENCE, () -> kubernetes.pods().isEmpty()));
        }
    }

    @Test
    void knowsWhatHappenedWhileItDidNotHear() throws Exception {
        try (FaultyApi api = kubernetes.cluster().faulty()) {
            KubernetesExecutor through = executor(Map.of("kubeconfig", kubeconfig(api)));
            Execution execution = through.begin(directory, Works.of(lasting()), ENVIRONMENT);
            assertInstanceOf(Transition.StepBegan.class, execution.next());

            api.goAway();
            kubernetes.admin().resource(onlyPod()).withGracePeriod(1).delete();
            assertTrue(Await.until(PATIENCE, () -> kubernetes.pods().isEmpty()));
            api.comeBack();

            assertInstanceOf(Transition.Vanished.class, lastOf(execution));
        }
    }

    @Test
    void endsThePodOfAnAttemptThatIsStopped() throws Exception {
        Execution execution = begin(Works.of("trap 'echo asked; exit 0' TERM; while :; do sleep 0.05; done"));
        assertInstanceOf(Transition.StepBegan.class, execution.next());

        execution.stop(Duration.ofSeconds(5));

        assertTrue(Files.readString(directory.output(0)).endsWith("asked\n"));
        assertTrue(Await.until(PATIENCE, () -> kubernetes.pods().isEmpty()));
    }

    @Test
    void removesWhatNoOpenAttemptHas() throws Exception {
        begin(Works.of(lasting()));
        Pod kept = onlyPod();
        executor.prepare(Works.of("true"), () -> false);
        assertEquals(2, kubernetes.pods().size());

        executor(Map.of()).keepOnly(List.of(directory));

        assertTrue(Await.until(PATIENCE, () -> kubernetes.pods().size() == 1));
        assertEquals(kept.getMetadata().getUid(), onlyPod().getMetadata().getUid());
    }

    @Test
    void letsGoOfAPodWhoseStepsNeverBegan() throws Exception {
        Work work = Works.of("true");
        executor.prepare(work, () -> false);

        executor.release(work);

        assertTrue(Await.until(PATIENCE, () -> kubernetes.pods().isEmpty()));
        assertFalse(Files.exists(root.resolve("pods").resolve(PodName.of(work.attempt()))));
    }

    @Test
    void beginsAnewWhatWasOnItsWayWhenTheRunnerDied() throws Exception {
        Work work = Works.of("echo once");
        executor.prepare(work, () -> false);
        Pod first = onlyPod();
        String name = PodName.of(work.attempt());
        Files.write(root.resolve("pods").resolve(name).resolve("handed"), new byte[0]);
        directory.noteSupervisor(name);
        made.get(0).close();

        KubernetesExecutor again = executor(Map.of());
        again.keepOnly(List.of(directory));
        assertFalse(again.begun(directory));
        again.prepare(work, () -> false);

        assertEquals(List.of("began 0", "ended 0 0", "done"), follow(again.begin(directory, work, ENVIRONMENT)));
        assertFalse(first.getMetadata().getUid().equals(onlyPod().getMetadata().getUid()));
        assertEquals("once\n", Files.readString(new AttemptDirectory(directory.path()).output(0)));
    }

    private String kubeconfig(FaultyApi api) {
        return kubernetes.cluster().kubeconfig(root, api).toString();
    }

    private Pod onlyPod() {
        List<Pod> pods = kubernetes.pods();
        assertEquals(1, pods.size(), pods.toString());
        return pods.get(0);
    }

    private Pod pod(Work work) {
        return kubernetes
                .admin()
                .pods()
                .inNamespace(kubernetes.namespace())
                .withName(PodName.of(work.attempt()))
                .get();
    }
}
