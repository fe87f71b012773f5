package dev.flujo.deploy.target.kubernetes;

import dev.flujo.deploy.target.kubernetes.Inventory.Wanted;
import io.fabric8.kubernetes.api.model.Pod;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Optional;

/** The pods of versions, by the addresses that they have within their cluster. */
final class Replicas {

    private static final int HTTP = 80;

    private final Workloads workloads;

    Replicas(Cluster cluster, String namespace) {
        this.workloads = new Workloads(cluster, namespace);
    }

    /** One that is ready, at the first port that it names. */
    Optional<URI> ready(Optional<Wanted> version) throws IOException {
        for (ObjectKey key : version.map(Wanted::objects).orElse(List.of())) {
            if (!key.kind().rollsOut()) {
                continue;
            }
            Optional<Workloads.Seen> seen = workloads.look(key);
            List<Pod> pods =
                    seen.isEmpty() ? List.of() : workloads.newestPods(seen.get().object());
            Optional<URI> ready =
                    pods.stream().filter(Replicas::ready).map(Replicas::uri).findFirst();
            if (ready.isPresent()) {
                return ready;
            }
        }
        return Optional.empty();
    }

    private static boolean ready(Pod pod) {
        return pod.getStatus().getConditions().stream()
                .anyMatch(condition -> condition.getType().equals("Ready")
                        && condition.getStatus().equals("True"));
    }

    private static URI uri(Pod pod) {
        int port = pod.getSpec().getContainers().stream()
                .flatMap(container -> container.getPorts().stream())
                .map(named -> named.getContainerPort())
                .findFirst()
                .orElse(HTTP);
        return URI.create("http://" + pod.getStatus().getPodIP() + ":" + port);
    }
}
