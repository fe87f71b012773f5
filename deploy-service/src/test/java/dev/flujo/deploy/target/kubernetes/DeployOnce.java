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
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Assertions;

/** A process that carries one deployment out, or dies at a point on the way. What it says at the end is how it ended. */
final class DeployOnce {

    private DeployOnce() {}

    /** Lets it come to its end, and returns what it says there. */
    static String end(Path directory, Path kubeconfig, UUID deployment, Work work)
            throws IOException, InterruptedException {
        Process process = run(directory, kubeconfig, deployment, work, "none");
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        Assertions.assertEquals(0, process.exitValue(), said);
        return said.strip();
    }

    /** Lets it go on until it ends or dies. */
    static Process run(Path directory, Path kubeconfig, UUID deployment, Work work, String point)
            throws IOException, InterruptedException {
        Path file = Files.write(
                directory.resolve(deployment + ".json"),
                new EventCodec().mapper().writeValueAsBytes(work));
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        DeployOnce.class.getName(),
                        directory.toString(),
                        kubeconfig.toString(),
                        file.toString(),
                        deployment.toString(),
                        point)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        process.waitFor();
        return process;
    }

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
