package dev.flujo.pipeline.api;

import dev.flujo.core.plan.TemplateReader;
import dev.flujo.core.plan.shape.Limits;
import dev.flujo.event.DerivedId;
import dev.flujo.pipeline.store.TemplateSources;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds the templates that files name by their digests; what is not there, the readers of files report. */
@ApplicationScoped
public class KnownTemplates {

    private static final String SHA256 = "@sha256:";
    private static final Pattern DIGEST = Pattern.compile(
            "([A-Za-z0-9][A-Za-z0-9._-]{0,62})/([A-Za-z0-9][A-Za-z0-9._-]{0,62})@sha256:([0-9a-f]{64})");

    private final TemplateSources templates;

    KnownTemplates(TemplateSources templates) {
        this.templates = templates;
    }

    /** The given templates, and those that the file, or one of its templates, names by digest. */
    Map<String, String> with(String source, Map<String, String> given) {
        Map<String, String> all = new TreeMap<>(given);
        all.entrySet().removeIf(entry -> forged(entry.getKey(), entry.getValue()));
        Deque<String> open = new ArrayDeque<>(references(source));
        all.values().forEach(text -> open.addAll(references(text)));
        while (!open.isEmpty() && all.size() <= given.size() + Limits.TEMPLATES) {
            String reference = open.remove();
            if (!all.containsKey(reference)) {
                find(reference).ifPresent(text -> {
                    all.put(reference, text);
                    open.addAll(references(text));
                });
            }
        }
        return all;
    }

    /** Most files name no template by a digest, and are not read for that. */
    private static Set<String> references(String source) {
        return source.contains(SHA256) ? TemplateReader.references(source) : Set.of();
    }

    private Optional<String> find(String reference) {
        Matcher parts = DIGEST.matcher(reference);
        return parts.matches()
                ? templates.find(parts.group(1), parts.group(2), parts.group(3)).map(TemplateSources.Whole::source)
                : Optional.empty();
    }

    /** Whether something else is given than what the digest stands for. */
    private static boolean forged(String reference, String text) {
        Matcher parts = DIGEST.matcher(reference);
        return parts.matches() && !parts.group(3).equals(DerivedId.digestOf(text));
    }
}
