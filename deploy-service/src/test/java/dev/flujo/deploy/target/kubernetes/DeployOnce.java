package dev.flujo.deploy.target.kubernetes;

import dev.flujo.deploy.NotApplied;
import dev.flujo.deploy.TestDesk;
import dev.flujo.deploy.rollout.Application;
import dev.flujo.deploy.rollout.Rollouts;
import dev.flujo.event.EventCodec;
import dev.flujo.event.Work;
import dev.flujo.kit.blob.FileBlobStore;
import dev.flujo.kit.process.Failpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;

/** A process that carries one deployment out, or dies at a point on the way. What it says at the end is how it ended. */
final class DeployOnce {

    private DeployOnce() {}

    /** Arguments: the directory, the kubeconfig, the file of the work, the deployment, and where to die or {@code none}. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        Path directory = Path.of(arguments[0]);
        Work work = new EventCodec().mapper().readValue(Files.readAllBytes(Path.of(arguments[2])), Work.class);
        Failpoint failpoint = Failpoint.armed(Optional.of(arguments[4]).filter(point -> !point.equals("none")));
        try (KubernetesTarget target = new KubernetesTarget(
                new KubernetesGround.Settings(Path.of(arguments[1]), Duration.ofSeconds(20)),
                directory,
                new FileBlobStore(directory.resolve("blobs")),
                failpoint)) {
            Application application = new Application(UUID.fromString(arguments[3]), work, line -> {}, Optional::empty);
            System.out.println("serves "
                    + new Rollouts(directory, target, Optional.empty(), failpoint, TestDesk.in(directory))
                            .apply(application)
                            .deployment());
        } catch (NotApplied e) {
            System.out.println("not applied at " + e.at() + ": " + e.getMessage());
        }
        System.exit(0);
    }
}
