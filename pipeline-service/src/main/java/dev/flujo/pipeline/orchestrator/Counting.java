package dev.flujo.pipeline.orchestrator;

import dev.flujo.event.DerivedId;
import dev.flujo.event.Envelope;
import dev.flujo.event.Event;
import dev.flujo.event.PipelineEvent.PipelineDefined;
import dev.flujo.event.PipelineEvent.PipelineGone;
import dev.flujo.event.PipelineEvent.SourceDeclared;
import dev.flujo.event.Topic;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Tells which pipelines count when a project takes them from elsewhere than before: from its repository, or from people. */
final class Counting {

    private final ProjectStores stores;
    private final Judgement judgement;
    private final Envelope envelope;
    private final SourceDeclared source;

    Counting(ProjectStores stores, Judgement judgement, Envelope envelope, SourceDeclared source) {
        this.stores = stores;
        this.judgement = judgement;
        this.envelope = envelope;
        this.source = source;
    }

    /** What counted before does not, unless it counts again; what the repository defines is told when it has been read. */
    void tell(List<Definition> before) {
        Set<String> again = new HashSet<>();
        if (source.repository().isEmpty()) {
            for (Definition definition : stores.submitted(source.project())) {
                PipelineDefined old = definition.defined();
                again.add(old.pipeline());
                send(
                        "again",
                        old.pipeline(),
                        new PipelineDefined(
                                old.project(),
                                old.pipeline(),
                                old.version(),
                                old.repository(),
                                old.source(),
                                old.by(),
                                source.declaredAt(),
                                old.templates()));
            }
        }
        for (Definition definition : before) {
            String pipeline = definition.defined().pipeline();
            if (!again.contains(pipeline)) {
                send(
                        "gone",
                        pipeline,
                        new PipelineGone(
                                source.project(), pipeline, Optional.empty(), source.by(), source.declaredAt()));
            }
        }
    }

    private void send(String what, String pipeline, Event event) {
        String id = DerivedId.of(what, envelope.id(), pipeline).toString();
        judgement.send(Topic.PIPELINES, id, envelope.chainId(), event);
    }
}
