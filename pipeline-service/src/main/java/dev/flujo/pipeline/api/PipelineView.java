package dev.flujo.pipeline.api;

import dev.flujo.event.PipelineEvent.PipelineDefined;
import dev.flujo.pipeline.store.Pipelines;
import java.time.Instant;
import java.util.Optional;

/**
 * A pipeline in one version; with its source where one version is asked for.
 *
 * @param goneAt since when its project has no such pipeline any more
 * @param goneCommit the newest commit of the branch, which does not define it
 */
public record PipelineView(
        String project,
        String pipeline,
        String version,
        Optional<String> repository,
        String by,
        Instant definedAt,
        Optional<String> source,
        Optional<Instant> goneAt,
        Optional<String> goneCommit) {

    static PipelineView of(Pipelines.Defined defined) {
        return of(defined, Optional.empty());
    }

    static PipelineView of(Pipelines.Defined defined, Optional<String> source) {
        return new PipelineView(
                defined.project(),
                defined.pipeline(),
                defined.version(),
                defined.repository(),
                defined.by(),
                defined.definedAt(),
                source,
                defined.gone().map(Pipelines.Gone::at),
                defined.gone().flatMap(Pipelines.Gone::commit));
    }

    static PipelineView of(PipelineDefined defined) {
        return new PipelineView(
                defined.project(),
                defined.pipeline(),
                defined.version(),
                defined.repository(),
                defined.by(),
                defined.definedAt(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }
}
