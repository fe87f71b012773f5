package dev.flujo.deploy.target.kubernetes;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * One cluster through its API server. Everything is read fresh, from nobody's cache; every write is bound to what was read
 * before it, so that repeating one that was executed unseen changes nothing.
 */
final class Cluster {

    /** No object has ever had it: a write that is bound to it succeeds only where there is no object. */
    private static final String NEVER = "1";

    /** The caller's fault, as far as an API server can tell: what was sent is not valid, not allowed, or not known. */
    private static final Set<Integer> REFUSALS = Set.of(400, 403, 404, 405, 413, 415, 422);

    private static final int CONFLICT = 409;
    private static final int NOT_FOUND = 404;
    private static final PatchContext APPLY = new PatchContext.Builder()
            .withPatchType(PatchType.SERVER_SIDE_APPLY)
            .withFieldManager(Marks.MANAGER)
            .withForce(true)
            .build();

    private final KubernetesClient client;

    Cluster(KubernetesClient client) {
        this.client = client;
    }

    KubernetesClient client() {
        return client;
    }

    Optional<GenericKubernetesResource> get(String namespace, ObjectKey key) throws IOException {
        return read(() -> object(namespace, key).get());
    }

    /**
     * Applies a manifest where the object is still as it was read, or still not there.
     *
     * @throws Stale if it is not
     * @throws Refused if the cluster does not take it
     */
    void apply(String namespace, ObjectKey key, ObjectNode manifest, Optional<GenericKubernetesResource> before)
            throws Stale, Refused, IOException {
        ObjectNode bound = manifest.deepCopy();
        bound.withObject("/metadata")
                .put(
                        "resourceVersion",
                        before.map(live -> live.getMetadata().getResourceVersion())
                                .orElse(NEVER));
        write(key.toString(), () -> object(namespace, key).patch(APPLY, bound.toString()));
    }

    /** Deletes an object and what it has made, unless it was written to since it was read; one that is gone is gone. */
    void delete(String namespace, ObjectKey key, GenericKubernetesResource before) throws Stale, Refused, IOException {
        String version = before.getMetadata().getResourceVersion();
        write(
                "the end of " + key,
                () -> object(namespace, key).lockResourceVersion(version).delete());
    }

    /** Reads something that may not be there. */
    <T> Optional<T> read(Supplier<T> reading) throws IOException {
        try {
            return Optional.ofNullable(reading.get());
        } catch (KubernetesClientException e) {
            if (e.getCode() == NOT_FOUND) {
                return Optional.empty();
            }
            throw trouble(e);
        }
    }

    /** Writes something. */
    <T> T write(String what, Supplier<T> writing) throws Stale, Refused, IOException {
        try {
            return writing.get();
        } catch (KubernetesClientException e) {
            if (e.getCode() == CONFLICT) {
                throw new Stale(what + " was written by somebody else: " + message(e));
            }
            if (REFUSALS.contains(e.getCode())) {
                throw new Refused("Expected the cluster to take " + what + ", but it says: " + message(e));
            }
            throw trouble(e);
        }
    }

    private Resource<GenericKubernetesResource> object(String namespace, ObjectKey key) {
        return client.genericKubernetesResources(key.kind().context())
                .inNamespace(namespace)
                .withName(key.name());
    }

    private static IOException trouble(KubernetesClientException e) {
        return new IOException("the API server answers " + e.getCode() + ": " + message(e), e);
    }

    private static String message(KubernetesClientException e) {
        return e.getStatus() != null && e.getStatus().getMessage() != null
                ? e.getStatus().getMessage()
                : e.getMessage();
    }
}
