package dev.flujo.core.plan.convert;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Converts {@code on} of GitHub Actions, with the inputs that it asks for. */
final class GithubTriggers {

    private final Notes notes;

    GithubTriggers(Notes notes) {
        this.notes = notes;
    }

    Map<String, Object> on(Part part) {
        Map<String, Object> on = new LinkedHashMap<>();
        if (part.isMapping()) {
            part.fields().forEach((event, settings) -> event(on, event, settings));
        } else {
            part.texts().forEach(event -> event(on, event, part));
        }
        return on;
    }

    /** What {@code workflow_dispatch} asks for. */
    Map<String, Object> inputs(Part part) {
        Map<String, Object> inputs = new LinkedHashMap<>();
        part.field("workflow_dispatch")
                .flatMap(manual -> manual.field("inputs"))
                .ifPresent(asked ->
                        asked.fields().forEach((name, input) -> inputs.put(name.replace('-', '_'), input(input))));
        return inputs;
    }

    private void event(Map<String, Object> on, String event, Part settings) {
        switch (event) {
            case "push" -> push(on, settings);
            case "pull_request", "pull_request_target" -> pullRequest(on, event, settings);
            case "workflow_dispatch" -> on.put("manual", Map.of());
            case "repository_dispatch" -> on.put("api", Map.of());
            case "schedule" -> on.put("schedule", schedule(settings));
            case "workflow_run" -> upstream(on, settings);
            default ->
                notes.add(
                        settings.line(),
                        event,
                        "Flujo starts no run by it; let a webhook or program start one with `on: api`");
        }
    }

    private void push(Map<String, Object> on, Part settings) {
        Map<String, Object> push = filters(settings, "branches", "paths");
        List<String> tags = patterns(settings, "tags");
        if (!tags.isEmpty()) {
            on.put("tag", Map.of("tags", Words.one(tags)));
        }
        if (tags.isEmpty() || settings.has("branches") || settings.has("branches-ignore")) {
            on.put("push", push);
        }
    }

    private void pullRequest(Map<String, Object> on, String event, Part settings) {
        if (event.endsWith("_target")) {
            notes.look(
                    settings.line(),
                    "`pull_request_target` became `pull_request`: from a fork it runs without secrets, look whether that"
                            + " is enough");
        }
        Map<String, Object> request = filters(settings, "branches", "paths");
        List<String> types = settings.texts("types");
        if (!types.isEmpty()) {
            request.put("types", types);
        }
        on.put("pull_request", request);
    }

    private void upstream(Map<String, Object> on, Part settings) {
        List<Object> upstream = new ArrayList<>();
        for (String workflow : settings.texts("workflows")) {
            Map<String, Object> entry = new LinkedHashMap<>();
            entry.put("pipeline", Words.name(workflow));
            List<String> branches = settings.texts("branches");
            if (!branches.isEmpty()) {
                entry.put("branches", branches);
            }
            upstream.add(entry);
        }
        on.put("upstream", upstream);
        notes.look(
                settings.line(),
                "`workflow_run` became `upstream` for runs that succeed; name other `outcomes` if wanted");
    }

    private List<Object> schedule(Part settings) {
        List<Object> times = new ArrayList<>();
        settings.each().forEach(time -> time.text("cron").ifPresent(cron -> times.add(Map.of("cron", cron))));
        return times;
    }

    private static Map<String, Object> filters(Part settings, String... names) {
        Map<String, Object> filters = new LinkedHashMap<>();
        for (String name : names) {
            List<String> patterns = patterns(settings, name);
            if (!patterns.isEmpty()) {
                filters.put(name, patterns);
            }
        }
        return filters;
    }

    private static List<String> patterns(Part settings, String name) {
        List<String> patterns = new ArrayList<>(settings.texts(name));
        settings.texts(name + "-ignore").forEach(pattern -> patterns.add("!" + pattern));
        return patterns;
    }

    private static Map<String, Object> input(Part part) {
        Map<String, Object> input = new LinkedHashMap<>();
        for (String key : List.of("type", "description", "default", "required")) {
            part.text(key).filter(text -> !text.isEmpty()).ifPresent(text -> input.put(key, text));
        }
        if (!part.texts("options").isEmpty()) {
            input.put("options", part.texts("options"));
        }
        return input;
    }
}
