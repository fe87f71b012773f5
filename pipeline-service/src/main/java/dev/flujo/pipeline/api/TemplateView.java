package dev.flujo.pipeline.api;

import dev.flujo.pipeline.store.TemplateSources.Known;
import dev.flujo.pipeline.store.TemplateSources.Whole;
import java.time.Instant;
import java.util.Optional;

/** A template, what files write in {@code uses} to use it, and its source where one is asked for. */
public record TemplateView(
        String project,
        String template,
        String digest,
        String reference,
        String by,
        Instant definedAt,
        Optional<String> source) {

    static TemplateView of(Known known) {
        return of(known, Optional.empty());
    }

    static TemplateView of(Whole whole) {
        return of(whole.known(), Optional.of(whole.source()));
    }

    private static TemplateView of(Known known, Optional<String> source) {
        return new TemplateView(
                known.project(),
                known.template(),
                known.digest(),
                known.project() + "/" + known.template() + "@sha256:" + known.digest(),
                known.by(),
                known.definedAt(),
                source);
    }
}
