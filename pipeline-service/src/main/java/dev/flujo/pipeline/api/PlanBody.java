package dev.flujo.pipeline.api;

import dev.flujo.event.Ordered;
import java.util.Map;
import java.util.Optional;

/**
 * What is to be foreseen: a file, or the current version of a project's pipeline, and an event with the inputs that come
 * with it. Without an event, what happened to the project in the last days counts.
 */
public record PlanBody(
        Optional<String> source,
        Map<String, String> templates,
        Optional<String> project,
        Optional<String> pipeline,
        Optional<Map<String, Object>> event,
        Map<String, String> inputs,
        Optional<Integer> days) {

    public PlanBody {
        source = source == null ? Optional.empty() : source;
        templates = Ordered.copy(templates);
        project = project == null ? Optional.empty() : project;
        pipeline = pipeline == null ? Optional.empty() : pipeline;
        event = event == null ? Optional.empty() : event;
        inputs = Ordered.copy(inputs);
        days = days == null ? Optional.empty() : days;
    }
}
