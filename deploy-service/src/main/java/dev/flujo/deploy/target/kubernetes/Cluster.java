package dev.flujo.deploy.target.kubernetes;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ManagedFieldsEntry;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * One cluster through its API server. Everything is read fresh, from nobody's cache; every write is bound to what was read
 * before it, so that repeating one that was executed unseen changes nothing.
 */
final class Cluster {

    /** The caller's fault, as far as an API server can tell: what was sent is not valid, not allowed, or not known. */
    private static final Set<Integer> REFUSALS = Set.of(400, 403, 404, 405, 413, 415, 422);

    private static final int CONFLICT = 409;
    private static final int NOT_FOUND = 404;

    /** Flujo applies, in the place of whoever has written the same fields. */
    static final PatchContext APPLY = new PatchContext.Builder()
            .withPatchType(PatchType.SERVER_SIDE_APPLY)
            .withFieldManager(Marks.MANAGER)
            .withForce(true)
            .build();

    private static final PatchContext APPLY_DRY = new PatchContext.Builder()
            .withPatchType(PatchType.SERVER_SIDE_APPLY)
            .withFieldManager(Marks.MANAGER)
            .withForce(true)
            .withDryRun(List.of("All"))
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
     * Makes an object where there is none. Server-side apply cannot be told that there must be none, so it is created, and
     * {@link #own} makes it one that was applied.
     *
     * @throws Stale if there is one meanwhile
     * @throws Refused if the cluster does not take it
     */
    void create(String namespace, ObjectKey key, ObjectNode manifest) throws Stale, Refused, IOException {
        String uri = key.kind().uri(namespace) + "?fieldManager=" + Marks.MANAGER;
        String created = write(key.toString(), () -> client.raw(uri, "POST", manifest));
        if (created == null) {
            throw new Refused("Expected the cluster to take " + key + ", but it knows no "
                    + key.kind().plural() + " in a namespace " + namespace + ".");
        }
        own(
                namespace,
                key,
                manifest,
                client.getKubernetesSerialization().unmarshal(created, GenericKubernetesResource.class));
    }

    /**
     * Applies a manifest where the object is still as it was read.
     *
     * @throws Stale if it is not
     * @throws Refused if the cluster does not take it
     */
    GenericKubernetesResource apply(
            String namespace, ObjectKey key, ObjectNode manifest, GenericKubernetesResource before)
            throws Stale, Refused, IOException {
        ObjectNode bound = manifest.deepCopy();
        bound.withObject("/metadata")
                .put("resourceVersion", before.getMetadata().getResourceVersion());
        return write(key.toString(), () -> object(namespace, key).patch(APPLY, bound.toString()));
    }

    /** What an object would be if a manifest were applied now; nothing is changed. */
    GenericKubernetesResource wouldBe(String namespace, ObjectKey key, ObjectNode manifest)
            throws Stale, Refused, IOException {
        return write(key.toString(), () -> object(namespace, key).patch(APPLY_DRY, manifest.toString()));
    }

    String json(GenericKubernetesResource object) {
        return client.getKubernetesSerialization().asJson(object);
    }

    /**
     * Lets the fields of an object that was created count as applied, and those that only have their defaults as nobody's, so
     * that the next apply removes what it drops and touches nothing else.
     */
    void own(String namespace, ObjectKey key, ObjectNode manifest, GenericKubernetesResource live)
            throws Stale, Refused, IOException {
        if (created(live).isEmpty()) {
            return;
        }
        GenericKubernetesResource applied = apply(namespace, key, manifest, live);
        Optional<Integer> entry = created(applied);
        if (entry.isPresent()) {
            String patch =
                    """
                    [{"op": "replace", "path": "/metadata/resourceVersion", "value": "%s"},
                     {"op": "remove", "path": "/metadata/managedFields/%d"}]
                    """
                            .formatted(applied.getMetadata().getResourceVersion(), entry.get());
            write(key.toString(), () -> object(namespace, key).patch(PatchContext.of(PatchType.JSON), patch));
        }
    }

    /** The place of the account of what Flujo's creating of the object has set. */
    private static Optional<Integer> created(GenericKubernetesResource live) {
        List<ManagedFieldsEntry> entries = live.getMetadata().getManagedFields();
        for (int i = 0; entries != null && i < entries.size(); i++) {
            if (entries.get(i).getManager().equals(Marks.MANAGER)
                    && entries.get(i).getOperation().equals("Update")) {
                return Optional.of(i);
            }
        }
        return Optional.empty();
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
