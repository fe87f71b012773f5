package dev.flujo.pipeline.orchestrator;

import dev.flujo.event.DerivedId;
import dev.flujo.event.Envelope;
import dev.flujo.event.PipelineEvent.PipelineDefined;
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
    private final Judgement judgement;

    Watches(ProjectStores stores, Judgement judgement) {
        this.stores = stores;
        this.judgement = judgement;
    }

    /** Keeps a definition; gives what is kept. */
    Definition define(Envelope envelope, PipelineDefined defined) {
        Map<String, Set<String>> before = watched(defined.project());
        Definition definition = stores.putDefinition(defined);
        Map<String, Set<String>> after = watched(defined.project());
        Set<String> projects = new TreeSet<>(before.keySet());
        projects.addAll(after.keySet());
        for (String project : projects) {
            Set<String> pipelines = after.getOrDefault(project, new TreeSet<>());
            if (!pipelines.equals(before.get(project))) {
                judgement.send(
                        Topic.COMMANDS,
                        DerivedId.of("watch", envelope.id(), project).toString(),
                        envelope.chainId(),
                        new UpstreamWatched(project, defined.project(), List.copyOf(pipelines)));
            }
        }
        return definition;
    }

    /** The pipelines of other projects that pipelines of this one wait for, by project. */
    private Map<String, Set<String>> watched(String project) {
        Map<String, Set<String>> watched = new TreeMap<>();
        for (Definition definition : stores.definitions(project)) {
            definition.plan().ifPresent(plan -> {
                for (Upstream upstream : plan.on().upstream()) {
                    upstream.project()
                            .filter(other -> !other.equals(project))
                            .ifPresent(other -> watched.computeIfAbsent(other, unused -> new TreeSet<>())
                                    .add(upstream.pipeline()));
                }
            });
        }
        return watched;
    }
}
