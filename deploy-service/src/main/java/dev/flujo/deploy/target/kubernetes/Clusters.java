package dev.flujo.deploy.target.kubernetes;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The clusters that are configured, each with one client; that of a kubeconfig file which has changed is made anew. */
final class Clusters implements AutoCloseable {

    /** Where a pod finds who it is. */
    private static final Path ACCOUNT = Path.of("/var/run/secrets/kubernetes.io/serviceaccount");

    private static final int RETRIES = 4;
    private static final int TIMEOUT_MILLIS = 10_000;

    private final KubernetesConfig config;
    private final Map<String, Client> clients = new HashMap<>();

    Clusters(KubernetesConfig config) {
        this.config = config;
    }

    private record Client(KubernetesClient client, Optional<FileTime> changed) {}

    /** The cluster of a deployment that names this one, or none. */
    String name(Optional<String> named) {
        return named.orElse(config.cluster());
    }

    /** @throws Refused if there is no such cluster */
    synchronized Cluster cluster(String name) throws Refused, IOException {
        KubernetesConfig.Access access = config.clusters().get(name);
        if (access == null && !(name.equals(config.cluster()) && Files.exists(ACCOUNT.resolve("token")))) {
            throw new Refused("Expected a cluster that this deploy-service knows, but there is no '" + name
                    + "'; set flujo.kubernetes.clusters.\"" + name + "\".kubeconfig.");
        }
        Optional<FileTime> changed =
                access == null ? Optional.empty() : Optional.of(Files.getLastModifiedTime(access.kubeconfig()));
        Client known = clients.get(name);
        if (known == null || !known.changed().equals(changed)) {
            Client fresh = new Client(client(access == null ? inCluster() : configured(access)), changed);
            clients.put(name, fresh);
            // What is still being asked through the old one fails there, and is asked again through the new one.
            Optional.ofNullable(known).ifPresent(old -> old.client().close());
            return new Cluster(fresh.client());
        }
        return new Cluster(known.client());
    }

    @Override
    public synchronized void close() {
        clients.values().forEach(client -> client.client().close());
        clients.clear();
    }

    /** HTTP/2 as Java 17 speaks it is not what API servers accept: they answer its first request with GOAWAY. */
    private static KubernetesClient client(Config access) {
        Config patient = new ConfigBuilder(access)
                .withHttp2Disable(true)
                .withRequestRetryBackoffLimit(RETRIES)
                .withRequestTimeout(TIMEOUT_MILLIS)
                .withConnectionTimeout(TIMEOUT_MILLIS)
                .build();
        return new KubernetesClientBuilder().withConfig(patient).build();
    }

    private static Config configured(KubernetesConfig.Access access) {
        return Config.fromKubeconfig(
                access.context().orElse(null), access.kubeconfig().toFile());
    }

    /** This pod's own account; its token is read each time, because the kubelet renews it. */
    private static Config inCluster() {
        return new ConfigBuilder(Config.empty())
                .withMasterUrl("https://" + System.getenv("KUBERNETES_SERVICE_HOST") + ":"
                        + System.getenv("KUBERNETES_SERVICE_PORT"))
                .withCaCertFile(ACCOUNT.resolve("ca.crt").toString())
                .withOauthTokenProvider(Clusters::token)
                .build();
    }

    private static String token() {
        try {
            return Files.readString(ACCOUNT.resolve("token")).strip();
        } catch (IOException e) {
            throw new UncheckedIOException("Expected to read this pod's token, but " + e.getMessage(), e);
        }
    }
}
