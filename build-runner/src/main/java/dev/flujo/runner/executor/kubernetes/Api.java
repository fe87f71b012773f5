package dev.flujo.runner.executor.kubernetes;

import dev.flujo.runner.executor.RefusedException;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodList;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.MixedOperation;
import io.fabric8.kubernetes.client.dsl.NonNamespaceOperation;
import io.fabric8.kubernetes.client.dsl.PodResource;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.jboss.logging.Logger;

/** The API server, as far as pods of jobs need it. What it refuses or cannot do is told in a sentence with its reason. */
final class Api implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(Api.class);
    private static final int RETRIES = 4;
    private static final int TIMEOUT_MILLIS = 10_000;
    private static final int RECONNECT_MILLIS = 500;
    private static final int FORBIDDEN = 403;
    private static final int NOT_FOUND = 404;
    private static final int CONFLICT = 409;
    private static final int INVALID = 422;

    /** What the API server says of a namespace that has no room for now; it has no code of its own for that. */
    private static final String QUOTA = "exceeded quota";

    private final KubernetesClient client;
    private final String namespace;

    Api(KubernetesConfig config) throws IOException {
        this.client = client(Access.of(config.kubeconfig()));
        this.namespace = config.namespace()
                .or(() -> Optional.ofNullable(client.getNamespace()))
                .orElse("default");
    }

    String namespace() {
        return namespace;
    }

    /** The pods of the namespace. */
    NonNamespaceOperation<Pod, PodList, PodResource> pods() {
        MixedOperation<Pod, PodList, PodResource> all = client.pods();
        return all.inNamespace(namespace);
    }

    /**
     * Makes a pod; none if there is one of this name.
     *
     * @throws RefusedException if no such pod may be, whenever it is asked for
     */
    Optional<Pod> create(Pod pod) throws RefusedException, IOException {
        try {
            return Optional.of(pods().resource(pod).create());
        } catch (KubernetesClientException e) {
            if (e.getCode() == CONFLICT) {
                return Optional.empty();
            }
            boolean forGood = e.getCode() == INVALID
                    || (e.getCode() == FORBIDDEN && !message(e).contains(QUOTA));
            if (forGood) {
                throw new RefusedException("Expected the cluster to take the pod of the job, but it refuses: "
                        + message(e) + "; see what the namespace " + namespace + " allows");
            }
            throw failure("make the pod of a job", e);
        }
    }

    Optional<Pod> get(String name) throws IOException {
        try {
            return Optional.ofNullable(pods().withName(name).get());
        } catch (KubernetesClientException e) {
            throw failure("look up a pod", e);
        }
    }

    /** Asks the pod to end, and has its node end it after the patience. Without any, its node would not be asked. */
    void delete(String name, Duration patience) throws IOException {
        long seconds = Math.max(1, (patience.toMillis() + 999) / 1000);
        try {
            pods().withName(name).withGracePeriod(seconds).delete();
        } catch (KubernetesClientException e) {
            if (e.getCode() != NOT_FOUND && e.getCode() != CONFLICT) {
                throw failure("end a pod", e);
            }
            LOG.tracef("%s had ended before it was told to", name);
        }
    }

    @Override
    public void close() {
        client.close();
    }

    /** HTTP/2 as Java 17 speaks it is not what API servers accept: they answer its first request with GOAWAY. */
    private static KubernetesClient client(Config access) {
        Config patient = new ConfigBuilder(access)
                .withHttp2Disable(true)
                .withRequestRetryBackoffLimit(RETRIES)
                .withRequestTimeout(TIMEOUT_MILLIS)
                .withConnectionTimeout(TIMEOUT_MILLIS)
                .withWatchReconnectInterval(RECONNECT_MILLIS)
                .build();
        return new KubernetesClientBuilder().withConfig(patient).build();
    }

    static IOException failure(String what, KubernetesClientException e) {
        return e.getCode() > 0
                ? new IOException("Expected the API server to " + what + ", but it refuses: " + message(e), e)
                : new IOException(
                        "Expected the API server to " + what + ", but it is not reached: " + root(e)
                                + "; see that it runs, and that flujo.runner.kubernetes.kubeconfig leads to it",
                        e);
    }

    private static String message(KubernetesClientException e) {
        return e.getStatus() != null && e.getStatus().getMessage() != null
                ? e.getStatus().getMessage()
                : String.valueOf(e.getMessage());
    }

    private static String root(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return String.valueOf(cause.getMessage());
    }
}
