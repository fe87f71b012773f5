package dev.flujo.runner.executor.kubernetes;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Which API server a runner uses, as whom, and in which namespace. */
final class Access {

    /** Where a pod finds who it is. */
    private static final Path ACCOUNT = Path.of("/var/run/secrets/kubernetes.io/serviceaccount");

    private Access() {}

    /** What the kubeconfig file says, or the account of the pod that this process is in. */
    static Config of(Optional<Path> kubeconfig) throws IOException {
        if (kubeconfig.isPresent()) {
            return Config.fromKubeconfig(kubeconfig.get().toFile());
        }
        if (!Files.exists(ACCOUNT.resolve("token"))) {
            throw new IOException("Expected a kubeconfig file in flujo.runner.kubernetes.kubeconfig, or to be in a pod"
                    + " with an account, but there is neither; set automountServiceAccountToken for the runner's pod");
        }
        return new ConfigBuilder(Config.empty())
                .withMasterUrl("https://" + System.getenv("KUBERNETES_SERVICE_HOST") + ":"
                        + System.getenv("KUBERNETES_SERVICE_PORT"))
                .withCaCertFile(ACCOUNT.resolve("ca.crt").toString())
                .withNamespace(read("namespace"))
                .withOauthTokenProvider(Access::token)
                .build();
    }

    /** Read each time, because the kubelet renews it. */
    private static String token() {
        try {
            return read("token");
        } catch (IOException e) {
            throw new UncheckedIOException("Expected to read this pod's token, but " + e.getMessage(), e);
        }
    }

    private static String read(String name) throws IOException {
        return Files.readString(ACCOUNT.resolve(name)).strip();
    }
}
