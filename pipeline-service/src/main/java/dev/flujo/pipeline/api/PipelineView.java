package dev.flujo.pipeline.api;

import dev.flujo.pipeline.store.Pipelines;
import java.time.Instant;
import java.util.Optional;

/** A pipeline in one version; with its source where one version is asked for. */
public record PipelineView(
        String project,
        String pipeline,
        String version,
        Optional<String> repository,
        String by,
        Instant definedAt,
        Optional<String> source) {

    static PipelineView of(Pipelines.Defined defined) {
        return new PipelineView(
                defined.project(),
                defined.pipeline(),
                defined.version(),
                defined.repository(),
                defined.by(),
                defined.definedAt(),
                Optional.empty());
    }

    static PipelineView of(Pipelines.Version version) {
        PipelineView view = of(version.defined());
        return new PipelineView(
                view.project,
                view.pipeline,
                view.version,
                view.repository,
                view.by,
                view.definedAt,
                Optional.of(version.source()));
    }
}
