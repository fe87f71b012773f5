package dev.flujo.runner.executor.kubernetes;

import dev.flujo.event.JobEvent.Image;
import dev.flujo.runner.executor.JobUser;
import dev.flujo.runner.executor.RefusedException;
import dev.flujo.runner.executor.container.Place;
import io.fabric8.kubernetes.api.model.Pod;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/** Makes the pods of one runner's attempts, each once, and removes them with their directories. */
final class JobPods {

    private static final Logger LOG = Logger.getLogger(JobPods.class);
    private static final Duration AGAIN = Duration.ofSeconds(1);

    private final Api api;
    private final Pods pods;
    private final Path places;
    private final JobUser user;
    private final Duration nodePatience;
    private final Map<String, Object> removals = new ConcurrentHashMap<>();

    /** What was asked for and perhaps made, as where an answer was lost. */
    private final Set<String> perhaps = ConcurrentHashMap.newKeySet();

    /** @param places where the directories of pods are made */
    JobPods(Api api, Pods pods, Path places, JobUser user, Duration nodePatience) {
        this.api = api;
        this.pods = pods;
        this.places = places;
        this.user = user;
        this.nodePatience = nodePatience;
    }

    Place place(String name) {
        return new Place(places.resolve(name), user);
    }

    /** Whether the pod of that name runs and waits to be told its attempt. */
    boolean waits(String name) throws IOException {
        return pods.runs(name) && Told.in(place(name)).nothing();
    }

    /**
     * Sees that the pod runs, and says which image; none if it was stopped while this waited. A pod that does not come to run
     * leaves nothing behind.
     */
    Optional<Image> start(PodOrder order, BooleanSupplier stopped)
            throws RefusedException, IOException, InterruptedException {
        String name = order.name();
        try {
            make(order);
            long giveUp = System.nanoTime() + nodePatience.toNanos();
            pods.await(
                    name,
                    pod -> order.services().failed(pod) || PodState.settled(pod, System.nanoTime() < giveUp),
                    stopped);
            if (stopped.getAsBoolean()) {
                end(name, Duration.ZERO);
                return Optional.empty();
            }
            Optional<Image> image = pods.pod(name).flatMap(pod -> PodState.image(pod, order.image()));
            if (image.isEmpty()) {
                throw trouble(order);
            }
            return image;
        } catch (IOException | RefusedException e) {
            end(name, Duration.ZERO);
            throw e;
        }
    }

    /**
     * Ends what runs of a pod, and removes it; returns when nothing of it runs. While the API server is away, what may still
     * run is waited for; what has ended is left to the next life of the runner.
     */
    void end(String name, Duration patience) {
        synchronized (removals.computeIfAbsent(name, first -> new Object())) {
            while (!asked(name, patience)) {
                waitAgain();
            }
            deletePlace(name);
        }
        removals.remove(name);
    }

    /** False where the API server has to be asked again. */
    private boolean asked(String name, Duration patience) {
        if (pods.pod(name).isEmpty() && !perhaps.contains(name)) {
            return true;
        }
        try {
            api.delete(name, patience);
            perhaps.remove(name);
            pods.awaitQuiet(name);
            return true;
        } catch (IOException e) {
            LOG.warnf("the pod %s is not removed yet: %s", name, e.getMessage());
            return !pods.runs(name) && !perhaps.contains(name);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    /** Removes what earlier lives of the runner have left, but for these. */
    void removeOthersThan(List<String> kept) throws IOException {
        TreeSet<String> left = new TreeSet<>(pods.names());
        try (Stream<Path> directories = Files.list(places)) {
            directories.map(directory -> directory.getFileName().toString()).forEach(left::add);
        }
        kept.forEach(left::remove);
        for (String name : left) {
            if (pods.pod(name).isPresent()) {
                LOG.infof("removes the pod %s, which an earlier life of the runner has left", name);
                api.delete(name, Duration.ZERO);
            }
            deletePlace(name);
        }
    }

    /** Makes the pod, unless it is there and waits. */
    private void make(PodOrder order) throws RefusedException, IOException, InterruptedException {
        String name = order.name();
        while (true) {
            if (pods.pod(name).isPresent() && !usable(name)) {
                remove(name);
            }
            if (pods.pod(name).isEmpty()) {
                place(name).delete();
                Place.make(place(name).path(), user);
                Told.in(place(name)).make();
            }
            perhaps.add(name);
            Optional<Pod> made = api.create(order.pod());
            Optional<Pod> pod = made.isPresent() ? made : api.get(name);
            if (pod.isPresent()) {
                perhaps.remove(name);
                expectOurs(pod.get(), order);
                pods.made(pod.get());
                order.services().expectKept(pod.get());
                return;
            }
        }
    }

    private static void expectOurs(Pod pod, PodOrder order) throws IOException {
        Map<String, String> labels = pod.getMetadata().getLabels();
        if (labels == null || !labels.entrySet().containsAll(order.labels().entrySet())) {
            throw new IOException("Expected to make the pod " + order.name()
                    + ", but there is one that is somebody else's: its labels are "
                    + labels);
        }
    }

    private boolean usable(String name) throws IOException {
        return waits(name) && pods.pod(name).filter(PodState::ending).isEmpty();
    }

    private void remove(String name) throws IOException, InterruptedException {
        api.delete(name, Duration.ZERO);
        pods.awaitEnd(name);
        deletePlace(name);
    }

    private IOException trouble(PodOrder order) throws RefusedException {
        Optional<Pod> pod = pods.pod(order.name());
        if (pod.isPresent()) {
            Optional<IOException> beside = order.services().trouble(pod.get());
            return beside.isPresent() ? beside.get() : PodState.trouble(pod.get(), order.image());
        }
        return new IOException("Expected the pod of the job to wait for its steps, but "
                + pods.last(order.name()).map(PodState::why).orElse("it is not there any more"));
    }

    private void deletePlace(String name) {
        try {
            place(name).delete();
        } catch (IOException e) {
            LOG.warnf("the directories of the pod %s are left behind: %s", name, e.getMessage());
        }
    }

    private static void waitAgain() {
        try {
            TimeUnit.NANOSECONDS.sleep(AGAIN.toNanos());
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private static UncheckedIOException interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        InterruptedIOException failure = new InterruptedIOException("the runner is stopped");
        failure.initCause(e);
        return new UncheckedIOException(failure);
    }
}
