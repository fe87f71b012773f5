package dev.flujo.pipeline.api;

import dev.flujo.event.Ordered;
import java.util.Map;
import java.util.Optional;

/**
 * A pipeline as JSON: the text of its file, the repository that its runs check out, and the texts of the templates of that
 * repository which it uses, by their paths as it writes them.
 */
public record PipelineBody(String source, Optional<String> repository, Map<String, String> templates) {

    public PipelineBody {
        repository = repository == null ? Optional.empty() : repository;
        templates = Ordered.copy(templates);
    }
}
