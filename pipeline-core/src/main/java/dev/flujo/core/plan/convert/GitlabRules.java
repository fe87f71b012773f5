package dev.flujo.core.plan.convert;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Converts when a job of GitLab CI runs: {@code rules} and {@code when}. */
final class GitlabRules {

    private static final Pattern COMPARED = Pattern.compile(
            "\\$(CI_COMMIT_BRANCH|CI_COMMIT_TAG|CI_PIPELINE_SOURCE|CI_COMMIT_REF_NAME) *(==|!=) *[\"']([^\"']*)[\"']");
    private static final Map<String, String> VARIABLES = Map.of(
            "CI_COMMIT_BRANCH", "event.branch",
            "CI_COMMIT_REF_NAME", "event.branch",
            "CI_COMMIT_TAG", "event.tag",
            "CI_PIPELINE_SOURCE", "event.kind");
    private static final Map<String, String> SOURCES = Map.of(
            "merge_request_event",
            "pull_request",
            "web",
            "manual",
            "schedule",
            "schedule",
            "push",
            "push",
            "api",
            "api");
    private final Notes notes;
    private final Map<String, Object> job;

    GitlabRules(Notes notes, Map<String, Object> job) {
        this.notes = notes;
        this.job = job;
    }

    void rules(Part part) {
        List<String> conditions = new ArrayList<>();
        for (Part rule : part.items()) {
            String when = rule.text("when").orElse("on_success");
            rule.field("changes")
                    .ifPresent(changes -> notes.add(
                            changes.line(),
                            "changes",
                            "say it as `paths` of a trigger, or as `if: event.paths.exists(p, …)`"));
            Optional<String> cel = rule.text("if").flatMap(GitlabRules::condition);
            if (rule.has("if") && cel.isEmpty()) {
                notes.add(rule.line(), "if: " + rule.text("if").orElse(""), "write the condition in CEL over event");
            } else if (when.equals("never")) {
                cel.ifPresent(text -> conditions.add(0, "!(" + text + ")"));
            } else {
                cel.ifPresent(conditions::add);
                when(rule.line(), when);
            }
        }
        List<String> not =
                conditions.stream().filter(text -> text.startsWith("!(")).toList();
        List<String> any =
                conditions.stream().filter(text -> !text.startsWith("!(")).toList();
        List<String> all = new ArrayList<>(not);
        if (!any.isEmpty()) {
            all.add(any.size() == 1 ? any.get(0) : "(" + String.join(" || ", any) + ")");
        }
        if (!all.isEmpty()) {
            job.put("if", String.join(" && ", all));
        }
    }

    void when(int line, String when) {
        switch (when) {
            case "manual" -> {
                job.put("approval", Map.of());
                notes.look(line, "`when: manual` became `approval`: what needs the job waits for the consent, too");
            }
            case "always" -> job.put("always", "true");
            case "on_failure" -> job.put("on-failure", "true");
            case "delayed" -> notes.add(line, "when: delayed", "let a step wait, or a schedule start a run");
            default -> {
                // As jobs run anyway.
            }
        }
    }

    /** A rule's condition in CEL; none where it is more than comparisons. */
    static Optional<String> condition(String text) {
        Matcher matcher = COMPARED.matcher(text);
        StringBuilder cel = new StringBuilder();
        while (matcher.find()) {
            String value = matcher.group(1).equals("CI_PIPELINE_SOURCE")
                    ? SOURCES.getOrDefault(matcher.group(3), matcher.group(3))
                    : matcher.group(3);
            matcher.appendReplacement(
                    cel,
                    Matcher.quoteReplacement(
                            VARIABLES.get(matcher.group(1)) + " " + matcher.group(2) + " '" + value + "'"));
        }
        String converted = matcher.appendTail(cel)
                .toString()
                .replaceAll("\\$CI_COMMIT_TAG\\b(?! *[=!]=)", "event.tag != ''")
                .replaceAll("\\$CI_COMMIT_BRANCH\\b(?! *[=!]=)", "event.branch != ''")
                .replace("event.branch == $CI_DEFAULT_BRANCH", "event.branch == 'main'")
                .replace("$CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH", "event.branch == 'main'");
        return converted.contains("$") || converted.contains("=~") ? Optional.empty() : Optional.of(converted);
    }
}
