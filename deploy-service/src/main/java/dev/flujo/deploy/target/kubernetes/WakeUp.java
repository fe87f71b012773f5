package dev.flujo.deploy.target.kubernetes;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ListOptions;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jboss.logging.Logger;

/**
 * Knows whether something has moved among the pods and deployments of a namespace. It is only a reason to look again: what is
 * decided is read fresh, so a watch that was dropped, or tells old things, costs a moment and never a wrong verdict.
 */
final class WakeUp implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(WakeUp.class);

    /** Events of any age will do. */
    private static final ListOptions FROM_ANYWHERE =
            new ListOptionsBuilder().withResourceVersion("0").build();

    private final Cluster cluster;
    private final String namespace;
    private final AtomicBoolean moved = new AtomicBoolean(true);
    private final AtomicBoolean broken = new AtomicBoolean();
    private List<Watch> watches = List.of();

    WakeUp(Cluster cluster, String namespace) {
        this.cluster = cluster;
        this.namespace = namespace;
        open();
    }

    /** Whether something has moved since it was asked before. */
    boolean moved() {
        return moved.getAndSet(false);
    }

    /** Opens again what was dropped. */
    void mend() {
        if (broken.getAndSet(false)) {
            close();
            open();
        }
    }

    @Override
    public void close() {
        watches.forEach(Watch::close);
        watches = List.of();
    }

    private void open() {
        List<Watch> opened = new ArrayList<>();
        try {
            opened.add(cluster.client().pods().inNamespace(namespace).watch(FROM_ANYWHERE, new Mover<>()));
            opened.add(
                    cluster.client().apps().deployments().inNamespace(namespace).watch(FROM_ANYWHERE, new Mover<>()));
        } catch (KubernetesClientException e) {
            LOG.debugf("no watch in %s: %s", namespace, e.getMessage());
            broken.set(true);
        }
        watches = List.copyOf(opened);
    }

    private final class Mover<T extends HasMetadata> implements Watcher<T> {

        @Override
        public void eventReceived(Action action, T object) {
            moved.set(true);
        }

        @Override
        public void onClose(WatcherException cause) {
            broken.set(true);
            moved.set(true);
        }
    }
}
