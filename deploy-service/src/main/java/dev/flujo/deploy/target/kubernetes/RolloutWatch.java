package dev.flujo.deploy.target.kubernetes;

import dev.flujo.deploy.Target.Application;
import io.fabric8.kubernetes.api.model.Pod;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Waits until the workloads of a deployment are rolled out. What is decided is read fresh at each look; watches of the
 * namespace only say when to look, so one that was dropped, or tells old things, costs a moment and never a wrong verdict.
 */
final class RolloutWatch {

    private static final Duration LONGEST = Duration.ofSeconds(1);
    private static final Duration SILENCE = Duration.ofMinutes(2);
    private static final int LAST_LINES = 20;
    private static final int LAST_WORDS = 600;

    private final Cluster cluster;
    private final Place place;
    private final Workloads workloads;
    private final Application application;
    private String told = "";

    RolloutWatch(Cluster cluster, Place place, Application application) {
        this.cluster = cluster;
        this.place = place;
        this.workloads = new Workloads(cluster, place.namespace());
        this.application = application;
    }

    /** What one look has found: what is awaited, and what will never come. */
    private record Look(List<String> awaited, Optional<String> trouble) {}

    /**
     * @param began when the deployment's time began
     * @return why it will not serve; empty if it does
     * @throws IOException if the cluster has not answered for long
     */
    Optional<String> await(Marks marks, List<ObjectKey> keys, Instant began, Duration patience)
            throws IOException, InterruptedException {
        Instant answered = Instant.now();
        try (WakeUp wakeUp = new WakeUp(cluster, place)) {
            while (true) {
                Optional<String> stop = application.stop().reason();
                if (stop.isPresent()) {
                    return stop.map(why -> "it was stopped before it took over: " + why);
                }
                try {
                    Look look = look(marks, keys);
                    answered = Instant.now();
                    if (look.trouble().isPresent() || look.awaited().isEmpty()) {
                        return look.trouble();
                    }
                    if (answered.isAfter(began.plus(patience))) {
                        return Optional.of("it was not healthy within " + patience.toSeconds() + " s: "
                                + String.join("; ", look.awaited()) + lastWords(keys));
                    }
                    tell(String.join("; ", look.awaited()));
                } catch (IOException e) {
                    if (Instant.now().isAfter(answered.plus(SILENCE))) {
                        throw e;
                    }
                    tell("the cluster does not answer, looks again: " + e.getMessage());
                }
                wakeUp.await(LONGEST);
            }
        }
    }

    private Look look(Marks ours, List<ObjectKey> keys) throws IOException {
        List<String> awaited = new ArrayList<>();
        for (ObjectKey key : keys) {
            Optional<Workloads.Seen> seen = workloads.look(key);
            Optional<Marks> marks = seen.flatMap(workload -> Marks.of(workload.object()));
            if (marks.filter(theirs -> theirs.fence() > ours.fence()).isPresent()) {
                return new Look(
                        awaited,
                        Optional.of("the newer deployment " + marks.get().deployment() + " has taken over " + key));
            }
            if (!marks.equals(Optional.of(ours))) {
                awaited.add(key + " is not seen yet");
                continue;
            }
            if (seen.get().status() instanceof RolloutStatus.Failed failed) {
                return new Look(awaited, Optional.of(key + ": " + failed.why() + lastWords(keys)));
            }
            if (seen.get().status() instanceof RolloutStatus.Waiting waiting) {
                Optional<PodTrouble> trouble = trouble(seen.get());
                if (trouble.filter(PodTrouble::hopeless).isPresent()) {
                    return new Look(awaited, Optional.of(described(key, trouble.get())));
                }
                awaited.add(key + ": " + waiting.why()
                        + trouble.map(found -> ", pod " + found.pod() + " is " + found.reason())
                                .or(seen.get()::failedToCreate)
                                .map(why -> " (" + why + ")")
                                .orElse(""));
            }
        }
        return new Look(awaited, Optional.empty());
    }

    /** What is wrong with the newest pods, the hopeless first. */
    private Optional<PodTrouble> trouble(Workloads.Seen workload) throws IOException {
        List<PodTrouble> found = workloads.newestPods(workload.object()).stream()
                .flatMap(pod -> PodTrouble.of(pod).stream())
                .toList();
        return found.stream().filter(PodTrouble::hopeless).findFirst().or(() -> found.stream()
                .findFirst());
    }

    private String described(ObjectKey key, PodTrouble trouble) {
        String words = trouble.container()
                .map(container -> "; its last words: " + log(trouble.pod(), container))
                .orElse("");
        return key + ": pod " + trouble.pod() + " is " + trouble.reason() + words;
    }

    /** What a pod that is not ready has printed last. */
    private String lastWords(List<ObjectKey> keys) throws IOException {
        for (ObjectKey key : keys) {
            Optional<Workloads.Seen> seen = workloads.look(key);
            if (seen.isEmpty() || seen.get().status() instanceof RolloutStatus.Done) {
                continue;
            }
            for (Pod pod : workloads.newestPods(seen.get().object())) {
                boolean ready = pod.getStatus().getContainerStatuses().stream().allMatch(status -> status.getReady());
                if (!ready) {
                    String container = pod.getSpec().getContainers().get(0).getName();
                    String name = pod.getMetadata().getName();
                    return "; last words of pod " + name + ": " + log(name, container);
                }
            }
        }
        return "";
    }

    private String log(String pod, String container) {
        try {
            String text = cluster.read(() -> cluster.client()
                            .pods()
                            .inNamespace(place.namespace())
                            .withName(pod)
                            .inContainer(container)
                            .tailingLines(LAST_LINES)
                            .getLog())
                    .orElse("")
                    .strip();
            return text.isEmpty() ? "none" : text.substring(Math.max(0, text.length() - LAST_WORDS));
        } catch (IOException e) {
            return "unknown, " + e.getMessage();
        }
    }

    private void tell(String what) {
        if (!what.equals(told)) {
            told = what;
            application.progress().accept(what);
        }
    }
}
