package dev.flujo.pipeline.orchestrator;

import dev.flujo.event.DerivedId;
import dev.flujo.event.Envelope;
import dev.flujo.event.SignalEvent.UpstreamWatched;
import dev.flujo.event.Topic;
import dev.flujo.event.plan.Triggers.Upstream;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Tells other projects which of their pipelines those of this project wait for, as often as that changes. */
final class Watches {

    private final ProjectStores stores;
    private final String watcher;
    private final Map<String, Set<String>> before;

    /** To be made before the definitions of the watcher change. */
    Watches(ProjectStores stores, String watcher) {
        this.stores = stores;
        this.watcher = watcher;
        this.before = watched();
    }

    /** Tells what has changed since then. */
    void tell(Judgement judgement, Envelope cause) {
        Map<String, Set<String>> after = watched();
        Set<String> projects = new TreeSet<>(before.keySet());
        projects.addAll(after.keySet());
        for (String project : projects) {
            Set<String> pipelines = after.getOrDefault(project, new TreeSet<>());
            if (!pipelines.equals(before.get(project))) {
                judgement.send(
                        Topic.COMMANDS,
                        DerivedId.of("watch", cause.id(), project).toString(),
                        cause.chainId(),
                        new UpstreamWatched(project, watcher, List.copyOf(pipelines)));
            }
        }
    }

    /** The pipelines of other projects that those of the watcher wait for, by project. */
    private Map<String, Set<String>> watched() {
        Map<String, Set<String>> watched = new TreeMap<>();
        for (Definition definition : stores.definitions(watcher)) {
            definition.plan().ifPresent(plan -> {
                for (Upstream upstream : plan.on().upstream()) {
                    upstream.project()
                            .filter(project -> !project.equals(watcher))
                            .ifPresent(project -> watched.computeIfAbsent(project, unused -> new TreeSet<>())
                                    .add(upstream.pipeline()));
                }
            });
        }
        return watched;
    }
}
