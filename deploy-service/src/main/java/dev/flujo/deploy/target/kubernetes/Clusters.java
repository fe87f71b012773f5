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
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The clusters that have a kubeconfig file, each with one client; where the file has changed it is made anew. */
final class Clusters implements AutoCloseable {

    /** Where a pod finds who it is. */
    private static final Path ACCOUNT = Path.of("/var/run/secrets/kubernetes.io/serviceaccount");

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]*");
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

    /** Why there is no such cluster, if there is none. */
    Optional<String> unknown(String name) throws IOException {
        if (kubeconfig(name).isPresent() || inside(name)) {
            return Optional.empty();
        }
        return Optional.of("Expected a cluster that this deploy-service knows, but there is no '" + name + "', "
                + known() + "; put its kubeconfig into the directory that flujo.kubernetes.directory names, as " + name
                + ".");
    }

    /** @throws Refused if there is no such cluster */
    synchronized Cluster cluster(String name) throws Refused, IOException {
        Optional<String> unknown = unknown(name);
        if (unknown.isPresent()) {
            throw new Refused(unknown.get());
        }
        Optional<Path> file = kubeconfig(name);
        Optional<FileTime> changed =
                file.isEmpty() ? Optional.empty() : Optional.of(Files.getLastModifiedTime(file.get()));
        Client known = clients.get(name);
        if (known == null || !known.changed().equals(changed)) {
            Client fresh = new Client(
                    client(
                            file.isEmpty()
                                    ? inCluster()
                                    : Config.fromKubeconfig(file.get().toFile())),
                    changed);
            clients.put(name, fresh);
            // What is still being asked through the old one fails there, and is asked again through the new one.
            Optional.ofNullable(known).ifPresent(old -> old.client().close());
            return new Cluster(fresh.client());
        }
        return new Cluster(known.client());
    }

    /** Whether it is the cluster that this service runs in. */
    private boolean inside(String name) {
        return name.equals(config.cluster()) && Files.exists(ACCOUNT.resolve("token"));
    }

    private String known() throws IOException {
        TreeSet<String> names = new TreeSet<>();
        if (inside(config.cluster())) {
            names.add(config.cluster());
        }
        if (config.directory().filter(Files::isDirectory).isPresent()) {
            try (Stream<Path> files = Files.list(config.directory().get())) {
                files.map(file -> file.getFileName().toString())
                        .filter(name -> kubeconfig(name).isPresent())
                        .forEach(names::add);
            }
        }
        return names.isEmpty() ? "and no other" : names.stream().collect(Collectors.joining("', '", "only '", "'"));
    }

    private Optional<Path> kubeconfig(String name) {
        return NAME.matcher(name).matches()
                ? config.directory().map(directory -> directory.resolve(name)).filter(Files::isRegularFile)
                : Optional.empty();
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
