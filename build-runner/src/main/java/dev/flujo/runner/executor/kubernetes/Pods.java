package dev.flujo.runner.executor.kubernetes;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.jboss.logging.Logger;

/**
 * The pods of one runner, as one watch of them all tells. While the API server is away, they are as they were last seen:
 * nobody knows, and no job is given up for that.
 */
final class Pods implements ResourceEventHandler<Pod>, AutoCloseable {

    private static final Logger LOG = Logger.getLogger(Pods.class);
    private static final Duration LOOK = Duration.ofMillis(200);
    private static final Duration ASK = Duration.ofSeconds(5);
    private static final int MOST_GONE = 100;

    private final Api api;
    private final Map<String, Pod> pods = new HashMap<>();
    private final Map<String, Pod> gone = new LinkedHashMap<>();
    private final SharedIndexInformer<Pod> informer;

    private Pods(Api api, String runner) {
        this.api = api;
        this.informer = api.pods()
                .withLabel(PodOrder.RUNNER, PodName.label(runner))
                .runnableInformer(0)
                .exceptionHandler((started, failure) -> started);
    }

    /** Watches the pods of a runner; all that there are now are known when this returns. */
    static Pods watch(Api api, String runner) throws IOException {
        Pods pods = new Pods(api, runner);
        try {
            pods.informer.addEventHandler(pods);
            pods.informer.run();
            for (Pod pod : pods.informer.getStore().list()) {
                pods.onAdd(pod);
            }
        } catch (KubernetesClientException e) {
            pods.close();
            throw Api.failure("list the pods in the namespace " + api.namespace(), e);
        }
        return pods;
    }

    synchronized List<String> names() {
        return List.copyOf(pods.keySet());
    }

    /** The pod of that name, while there is one. */
    synchronized Optional<Pod> pod(String name) {
        return Optional.ofNullable(pods.get(name));
    }

    /** The pod of that name as it was seen last, also when it has just gone. */
    synchronized Optional<Pod> last(String name) {
        return pod(name).or(() -> Optional.ofNullable(gone.get(name)));
    }

    /** Whether something of it may still run. */
    boolean runs(String name) {
        return pod(name).map(pod -> !PodState.ended(pod)).orElse(false);
    }

    /** A pod that was made just now, and that the watch may not have told of yet. */
    synchronized void made(Pod pod) {
        Pod known = pods.get(pod.getMetadata().getName());
        if (known == null || !uid(known).equals(uid(pod))) {
            onAdd(pod);
        }
    }

    /** Waits until the pod is as is wanted, or not there, or that nobody waits any more. */
    synchronized void await(String name, Predicate<Pod> wanted, BooleanSupplier stopped) throws InterruptedException {
        while (!stopped.getAsBoolean() && pods.containsKey(name) && !wanted.test(pods.get(name))) {
            TimeUnit.NANOSECONDS.timedWait(this, LOOK.toNanos());
        }
    }

    /** Waits until nothing of a pod that was told to end runs. */
    void awaitQuiet(String name) throws IOException, InterruptedException {
        awaitEnd(name, PodState::ended);
    }

    /** Waits until a pod that was told to end is gone, so that there may be another one of its name. */
    void awaitEnd(String name) throws IOException, InterruptedException {
        awaitEnd(name, pod -> false);
    }

    /** A watch may stand still unseen, so now and then the API server is asked. */
    private void awaitEnd(String name, Predicate<Pod> enough) throws IOException, InterruptedException {
        Optional<String> uid = pod(name).map(Pods::uid);
        while (uid.isPresent()) {
            long ask = System.nanoTime() + ASK.toNanos();
            await(name, pod -> enough.test(pod) || !uid(pod).equals(uid.get()), () -> System.nanoTime() > ask);
            Optional<Pod> known = pod(name).filter(pod -> uid(pod).equals(uid.get()));
            if (known.isEmpty() || enough.test(known.get())) {
                return;
            }
            Optional<Pod> there = api.get(name).filter(pod -> uid(pod).equals(uid.get()));
            if (there.isEmpty()) {
                lose(name, uid.get());
            }
        }
    }

    @Override
    public synchronized void onAdd(Pod pod) {
        pods.put(pod.getMetadata().getName(), pod);
        notifyAll();
    }

    @Override
    public void onUpdate(Pod before, Pod pod) {
        onAdd(pod);
    }

    @Override
    public void onDelete(Pod pod, boolean unknown) {
        LOG.debugf("the pod %s is gone", pod.getMetadata().getName());
        lose(pod.getMetadata().getName(), uid(pod));
    }

    @Override
    public void close() {
        informer.stop();
    }

    private synchronized void lose(String name, String uid) {
        Pod known = pods.get(name);
        if (known != null && uid(known).equals(uid)) {
            gone.put(name, pods.remove(name));
            if (gone.size() > MOST_GONE) {
                gone.remove(gone.keySet().iterator().next());
            }
            notifyAll();
        }
    }

    private static String uid(Pod pod) {
        return pod.getMetadata().getUid();
    }
}
