package dev.flujo.pipeline.api;

import dev.flujo.event.PipelineEvent.SourceDeclared;
import java.time.Instant;

/** Where a project takes its pipelines from. */
public record SourceView(String project, String repository, String branch, String by, Instant declaredAt) {

    static SourceView of(SourceDeclared source) {
        return new SourceView(
                source.project(), source.repository().orElseThrow(), source.branch(), source.by(), source.declaredAt());
    }
}
