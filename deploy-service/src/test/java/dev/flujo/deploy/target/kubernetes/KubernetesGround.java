package dev.flujo.deploy.target.kubernetes;

import dev.flujo.event.Attempt;
import dev.flujo.event.Revision;
import dev.flujo.event.Work;
import dev.flujo.event.plan.Deploy;
import dev.flujo.event.plan.HealthCheck;
import dev.flujo.event.plan.Job;
import dev.flujo.kit.blob.Blob;
import dev.flujo.kit.blob.FileBlobStore;
import dev.flujo.kit.process.Failpoint;
import dev.flujo.stack.kubernetes.TestCluster;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.api.model.authentication.TokenRequestBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** A namespace of its own, a place for files, and deployments to it. */
final class KubernetesGround {

    static final String PROJECT = "shop";

    /** What a namespace gives a deploy-service. */
    static final Path ROLE = Path.of("..", "k8s", "components", "deploy-target", "role.yaml");

    private final TestCluster cluster = TestCluster.shared();
    private final FakeKubelet kubelet = FakeKubelet.shared();
    private final Path directory;
    private final FileBlobStore blobs;
    private final String namespace;

    KubernetesGround(Path directory) {
        this.directory = directory;
        this.blobs = new FileBlobStore(directory.resolve("blobs"));
        this.namespace = cluster.namespace();
    }

    FakeKubelet kubelet() {
        return kubelet;
    }

    TestCluster cluster() {
        return cluster;
    }

    String namespace() {
        return namespace;
    }

    /** A target as a restarted service opens it, with all rights. */
    KubernetesTarget target() {
        return target(cluster.kubeconfig(), Duration.ofSeconds(20));
    }

    KubernetesTarget target(Path kubeconfig, Duration outage) {
        return new KubernetesTarget(
                new Settings(kubeconfig, outage), directory, blobs, Failpoint.armed(Optional.empty()));
    }

    /** A kubeconfig with the rights that a namespace gives a deploy-service, and no others. */
    Path deployServices(Path to) throws IOException {
        cluster.admin()
                .namespaces()
                .resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName("flujo")
                        .endMetadata()
                        .build())
                .serverSideApply();
        cluster.admin()
                .serviceAccounts()
                .inNamespace("flujo")
                .resource(new ServiceAccountBuilder()
                        .withNewMetadata()
                        .withName("deploy-service")
                        .endMetadata()
                        .build())
                .serverSideApply();
        cluster.admin().load(Files.newInputStream(ROLE)).inNamespace(namespace).serverSideApply();
        String token = cluster.admin()
                .serviceAccounts()
                .inNamespace("flujo")
                .withName("deploy-service")
                .tokenRequest(new TokenRequestBuilder().withNewSpec().endSpec().build())
                .getStatus()
                .getToken();
        return cluster.kubeconfig(to, token);
    }

    /** The same deployment, but its application gets settings and secrets. */
    static Work with(Deploy.Reading config, Work work) {
        Job job = work.job();
        Deploy deploy = job.deploy().orElseThrow();
        Job given = new Job(
                job.id(),
                job.needs(),
                job.env(),
                job.steps(),
                job.timeout(),
                job.artifacts(),
                job.junit(),
                Optional.of(new Deploy(
                        deploy.environment(),
                        deploy.from(),
                        deploy.start(),
                        deploy.health(),
                        deploy.kubernetes(),
                        deploy.rollout(),
                        Optional.of(config))));
        return new Work(
                work.project(),
                work.pipeline(),
                work.attempt(),
                given,
                work.revision(),
                work.env(),
                work.by(),
                work.artifacts());
    }

    /** A deployment of these manifests to {@code production}. */
    Work work(String commit, Deploy.Rollout rollout, Duration patience, String... manifests) {
        return work(commit, rollout, patience, Map.of(), manifests);
    }

    Work work(
            String commit, Deploy.Rollout rollout, Duration patience, Map<String, String> images, String... manifests) {
        return work("production", commit, rollout, patience, images, manifests);
    }

    /** A deployment of these manifests to another environment. */
    Work work(
            String environment,
            String commit,
            Deploy.Rollout rollout,
            Duration patience,
            Map<String, String> images,
            String... manifests) {
        Deploy deploy = new Deploy(
                environment,
                "build",
                "",
                new HealthCheck("/health", patience),
                Optional.of(new Deploy.Kubernetes(
                        List.of("k8s/*.yml"), Optional.empty(), images, Optional.of(namespace), Optional.empty())),
                rollout);
        Job job = new Job(
                "release",
                List.of("build"),
                Map.of(),
                List.of(),
                Duration.ofMinutes(5),
                List.of(),
                List.of(),
                Optional.of(deploy));
        Revision revision = new Revision(
                Optional.empty(), "main", Optional.of(commit), Optional.empty(), Optional.empty(), Optional.empty());
        return new Work(
                PROJECT,
                "main",
                new Attempt(UUID.randomUUID(), "release", 1),
                job,
                revision,
                Map.of(),
                "ana",
                List.of(artifact(String.join("---\n", manifests))));
    }

    /** The manifests as a job has published them. */
    Work.Artifact artifact(String manifests) {
        try {
            Path file = Files.writeString(Files.createTempFile(directory, "manifests", ".yml"), manifests);
            Blob blob = blobs.put(file);
            return new Work.Artifact("build", "k8s/all.yml", blob.bytes(), blob.sha256());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The settings of a deploy-service that knows one cluster. */
    record Settings(Path kubeconfig, Duration outage) implements KubernetesConfig {

        @Override
        public Optional<Path> directory() {
            return Optional.of(kubeconfig.getParent());
        }

        @Override
        public String cluster() {
            return kubeconfig.getFileName().toString();
        }
    }
}
