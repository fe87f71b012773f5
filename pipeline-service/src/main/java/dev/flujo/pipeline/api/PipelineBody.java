package dev.flujo.pipeline.api;

import java.util.Optional;

/** A pipeline as JSON: the text of its file, and the repository that its runs check out. */
public record PipelineBody(String source, Optional<String> repository) {

    public PipelineBody {
        repository = repository == null ? Optional.empty() : repository;
    }
}
