package dev.flujo.deploy.target.kubernetes;

import dev.flujo.deploy.Target.Condition;
import dev.flujo.deploy.target.kubernetes.Inventory.Wanted;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Looks at a version once: how many of its replicas are ready, and what keeps the others from it. */
final class Looks {

    private static final int LAST_LINES = 20;
    private static final int LAST_WORDS = 600;
    private static final String NO_WORDS = "none";

    private final Cluster cluster;
    private final String namespace;
    private final Workloads workloads;

    Looks(Cluster cluster, String namespace) {
        this.cluster = cluster;
        this.namespace = namespace;
        this.workloads = new Workloads(cluster, namespace);
    }

    /** What is known of one workload: who is ready, why nobody more ever will be, or what is waited for. */
    private record Found(
            int ready, Optional<String> broken, Optional<String> trouble, List<String> waitsFor, String lastWords) {

        static final Found DONE = new Found(Integer.MAX_VALUE, Optional.empty(), Optional.empty(), List.of(), NO_WORDS);

        static Found broken(int ready, String why) {
            return new Found(ready, Optional.of(why), Optional.empty(), List.of(), NO_WORDS);
        }
    }

    /** The version as it is now, by kubectl's rules for its rollout. */
    Condition look(Inventory inventory, Wanted version) throws IOException {
        if (version.refused().isPresent()) {
            return new Condition(version.replicas(), 0, version.refused(), NO_WORDS);
        }
        if (inventory.fence() > version.fence()
                && inventory.newest().filter(version::equals).isEmpty()) {
            return new Condition(
                    version.replicas(), 0, Optional.of("a newer deployment has been begun here"), NO_WORDS);
        }
        int ready = version.replicas();
        List<String> waitsFor = new ArrayList<>();
        Optional<String> broken = Optional.empty();
        Optional<String> trouble = Optional.empty();
        String lastWords = NO_WORDS;
        for (ObjectKey key : version.objects()) {
            Found found = key.kind().rollsOut() ? found(version, key) : Found.DONE;
            ready = Math.min(ready, found.ready());
            broken = broken.or(found::broken);
            trouble = trouble.or(found::trouble);
            waitsFor.addAll(found.waitsFor());
            lastWords = found.lastWords().equals(NO_WORDS) ? lastWords : found.lastWords();
        }
        return new Condition(version.replicas(), ready, broken, trouble, said(waitsFor, lastWords));
    }

    private static String said(List<String> waitsFor, String lastWords) {
        return waitsFor.isEmpty() ? lastWords : lastWords + " (" + String.join("; ", waitsFor) + ")";
    }

    private Found found(Wanted version, ObjectKey key) throws IOException {
        Optional<Workloads.Seen> seen = workloads.look(key);
        Optional<Marks> marks = seen.flatMap(workload -> Marks.of(workload.object()));
        if (marks.filter(theirs -> theirs.deployment().equals(version.deployment()))
                .isEmpty()) {
            return new Found(0, Optional.empty(), Optional.empty(), List.of(key + " is not seen yet"), NO_WORDS);
        }
        if (seen.get().status() instanceof RolloutStatus.Done) {
            return Found.DONE;
        }
        List<Pod> pods = workloads.newestPods(seen.get().object());
        int ready = Math.min(version.replicas() - 1, seen.get().available());
        if (seen.get().status() instanceof RolloutStatus.Failed failed) {
            return Found.broken(ready, key + ": " + failed.why() + ", " + lastWords(pods));
        }
        if (seen.get().status() instanceof RolloutStatus.Waiting waiting) {
            Optional<PodTrouble> trouble = trouble(pods);
            if (trouble.filter(PodTrouble::hopeless).isPresent()) {
                return Found.broken(ready, described(key, trouble.get()));
            }
            String why = trouble.map(found -> "pod " + found.pod() + " is " + found.reason())
                    .or(seen.get()::failedToCreate)
                    .map(reason -> ", " + reason)
                    .orElse("");
            return new Found(
                    ready,
                    Optional.empty(),
                    trouble.map(found -> described(key, found)),
                    List.of(key + ": " + waiting.why() + why),
                    lastWords(pods));
        }
        throw new AssertionError("unhandled status " + seen.get().status());
    }

    /** What is wrong with the pods, the hopeless first. */
    private static Optional<PodTrouble> trouble(List<Pod> pods) {
        List<PodTrouble> found =
                pods.stream().flatMap(pod -> PodTrouble.of(pod).stream()).toList();
        Stream<PodTrouble> hopeless = found.stream().filter(PodTrouble::hopeless);
        return Stream.concat(hopeless, found.stream()).findFirst();
    }

    private String described(ObjectKey key, PodTrouble trouble) {
        String words = trouble.container()
                .map(container -> "; its last words: " + log(trouble.pod(), container))
                .orElse("");
        return key + ": pod " + trouble.pod() + " is " + trouble.reason() + words;
    }

    /** What the first pod that runs and is not ready has printed last. */
    private String lastWords(List<Pod> pods) {
        return pods.stream()
                .filter(pod -> pod.getStatus().getContainerStatuses().stream()
                        .anyMatch(status ->
                                !status.getReady() && status.getState().getRunning() != null))
                .map(HasMetadata::getMetadata)
                .findFirst()
                .map(pod -> log(pod.getName(), null))
                .orElse(NO_WORDS);
    }

    private String log(String pod, String container) {
        try {
            String text = cluster.read(() -> {
                        var one = cluster.client().pods().inNamespace(namespace).withName(pod);
                        return (container == null ? one : one.inContainer(container))
                                .tailingLines(LAST_LINES)
                                .getLog();
                    })
                    .orElse("")
                    .strip();
            return text.isEmpty() ? NO_WORDS : text.substring(Math.max(0, text.length() - LAST_WORDS));
        } catch (IOException e) {
            return "unknown, " + e.getMessage();
        }
    }
}
