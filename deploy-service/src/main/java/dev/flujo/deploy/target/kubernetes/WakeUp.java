package dev.flujo.deploy.target.kubernetes;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jboss.logging.Logger;

/** Says when something moves among the pods and deployments of a namespace. Without its watches it says so by the clock. */
final class WakeUp implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(WakeUp.class);

    /** What comes at once is looked at once. */
    private static final Duration SHORTEST = Duration.ofMillis(50);

    private final Cluster cluster;
    private final Place place;
    private final Semaphore moved = new Semaphore(0);
    private final AtomicInteger broken = new AtomicInteger();
    private List<Watch> watches = List.of();

    WakeUp(Cluster cluster, Place place) {
        this.cluster = cluster;
        this.place = place;
        open();
    }

    /** Returns when something has moved since the last call, or at the latest after this time. */
    void await(Duration longest) throws InterruptedException {
        if (broken.getAndSet(0) > 0) {
            close();
            open();
        }
        if (moved.tryAcquire(longest.toMillis(), TimeUnit.MILLISECONDS)) {
            TimeUnit.MILLISECONDS.sleep(SHORTEST.toMillis());
        }
        moved.drainPermits();
    }

    @Override
    public void close() {
        watches.forEach(Watch::close);
        watches = List.of();
    }

    private void open() {
        List<Watch> opened = new ArrayList<>();
        try {
            opened.add(cluster.client().pods().inNamespace(place.namespace()).watch(new Mover<>()));
            opened.add(cluster.client()
                    .apps()
                    .deployments()
                    .inNamespace(place.namespace())
                    .watch(new Mover<>()));
        } catch (KubernetesClientException e) {
            LOG.debugf("no watch in %s: %s", place, e.getMessage());
            broken.incrementAndGet();
        }
        watches = List.copyOf(opened);
    }

    private final class Mover<T extends HasMetadata> implements Watcher<T> {

        @Override
        public void eventReceived(Action action, T object) {
            moved.release();
        }

        @Override
        public void onClose(WatcherException cause) {
            broken.incrementAndGet();
            moved.release();
        }
    }
}
