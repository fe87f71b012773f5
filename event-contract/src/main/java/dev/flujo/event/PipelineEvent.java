package dev.flujo.event;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/** Pipeline definitions: what the orchestrator must know of them. */
public sealed interface PipelineEvent extends Event {

    String project();

    String pipeline();

    /** {@code project/pipeline}: the key on the compacted topic. */
    @Override
    default String subject() {
        return project() + "/" + pipeline();
    }

    /**
     * A pipeline has this definition from now on. The version is derived from the repository and the source, so the same
     * definition submitted twice is one version.
     */
    record PipelineDefined(
            String project,
            String pipeline,
            String version,
            Optional<String> repository,
            String source,
            String by,
            Instant definedAt)
            implements PipelineEvent {

        public PipelineDefined {
            Objects.requireNonNull(project, "project");
            Objects.requireNonNull(pipeline, "pipeline");
            Objects.requireNonNull(version, "version");
            Objects.requireNonNull(source, "source");
            Objects.requireNonNull(by, "by");
            Objects.requireNonNull(definedAt, "definedAt");
            repository = repository == null ? Optional.empty() : repository;
        }
    }
}
