package dev.flujo.pipeline.api;

import dev.flujo.event.Ordered;
import java.util.Map;
import java.util.Optional;

/**
 * What to run: a branch, and a commit of it unless the newest that Flujo has seen shall count; values for the pipeline's
 * inputs. With a {@code payload} it is a program's request, for pipelines with {@code api} in {@code on}.
 */
public record StartRunBody(
        String branch, Optional<String> commit, Map<String, String> inputs, Optional<Map<String, Object>> payload) {

    public StartRunBody {
        commit = commit == null ? Optional.empty() : commit;
        inputs = Ordered.copy(inputs);
        payload = payload == null ? Optional.empty() : payload.map(Ordered::tree);
    }
}
