package dev.flujo.deploy.target.kubernetes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.flujo.core.plan.PlanReader;
import dev.flujo.core.plan.PlanReading;
import dev.flujo.deploy.Target.Serving;
import dev.flujo.deploy.TestDesk;
import dev.flujo.deploy.rollout.Application;
import dev.flujo.deploy.rollout.Rollouts;
import dev.flujo.event.plan.Deploy;
import dev.flujo.kit.process.Failpoint;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What docs/deploying-kubernetes.md shows does what it says. */
class DeployingKubernetesIT {

    private static final Path PAGE = Path.of("..", "docs", "deploying-kubernetes.md");
    private static final Pattern YAML = Pattern.compile("```yaml\n(.*?)```", Pattern.DOTALL);
    private static final Map<String, String> IMAGES = Map.of("shop", Manifest.image("well"));

    @TempDir
    private Path directory;

    @Test
    void itsManifestsServe() throws Exception {
        KubernetesGround ground = new KubernetesGround(directory);

        Serving serving = apply(ground, Deploy.Rollout.PLAIN, manifests().get(0));

        assertEquals("http://shop.example.com", serving.address());
        assertEquals(
                3,
                ground.cluster()
                        .admin()
                        .apps()
                        .deployments()
                        .inNamespace(ground.namespace())
                        .withName("shop")
                        .get()
                        .getStatus()
                        .getAvailableReplicas());
    }

    @Test
    void itsRouteLeadsThroughACanary() throws Exception {
        KubernetesGround ground = new KubernetesGround(directory);
        try (InputStream definitions = getClass().getResourceAsStream("gateway.yml")) {
            ground.cluster().admin().load(definitions).serverSideApply();
        }
        apply(ground, Strategies.canary(4, 25, 50, 100), String.join("---\n", manifests()));

        Serving second = apply(ground, Strategies.canary(4, 25, 50, 100), String.join("---\n", manifests()));

        assertEquals("http://shop.example.com", second.address());
        assertEquals(true, second.previous().isPresent());
    }

    @Test
    void itsPipelinesAreRead() throws IOException {
        for (String pipeline :
                blocks().stream().filter(text -> text.contains("jobs:")).toList()) {
            assertInstanceOf(PlanReading.Readable.class, PlanReader.read(pipeline), pipeline);
        }
    }

    private Serving apply(KubernetesGround ground, Deploy.Rollout rollout, String manifests) throws Exception {
        String ours = manifests.replace(
                "    spec:\n      containers:",
                "    spec:\n      schedulerName: " + FakeKubelet.SCHEDULER + "\n      containers:");
        return new Rollouts(
                        directory,
                        ground.target(),
                        Optional.empty(),
                        Failpoint.armed(Optional.empty()),
                        TestDesk.in(directory))
                .apply(new Application(
                        UUID.randomUUID(),
                        ground.work("c1", rollout, Duration.ofSeconds(30), IMAGES, ours),
                        line -> {},
                        Optional::empty));
    }

    private static List<String> manifests() throws IOException {
        return blocks().stream().filter(text -> text.contains("apiVersion:")).toList();
    }

    private static List<String> blocks() throws IOException {
        return YAML.matcher(Files.readString(PAGE))
                .results()
                .map((MatchResult block) -> block.group(1))
                .toList();
    }
}
