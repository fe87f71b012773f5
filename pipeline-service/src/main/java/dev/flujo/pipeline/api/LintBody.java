package dev.flujo.pipeline.api;

import dev.flujo.event.Ordered;
import java.util.Map;

/** A file to be checked as JSON: its text, and the texts of the templates that it uses by the references under which it does. */
public record LintBody(String source, Map<String, String> templates) {

    public LintBody {
        templates = Ordered.copy(templates);
    }
}
