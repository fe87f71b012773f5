package dev.flujo.scenario;

import dev.flujo.core.plan.expression.Evaluation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** One case of e2e/scenarios: a pipeline, what happens to it, and what is expected of it. */
public record Scenario(String file, Map<String, Object> fields) {

    private static final Path DIRECTORY = Path.of("scenarios");

    /** All of them, by file. */
    public static List<Scenario> all() {
        List<Scenario> all = new ArrayList<>();
        try (Stream<Path> files = Files.list(DIRECTORY)) {
            for (Path file : files.sorted().toList()) {
                String name = file.getFileName().toString();
                if (name.endsWith(".yml")) {
                    all.addAll(read(name, Files.readString(file)));
                }
            }
            return all;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Scenario> read(String file, String text) {
        Object root = Evaluation.json(text)
                .orElseThrow(() -> new IllegalArgumentException("Expected YAML in " + file + ", but it is none"));
        return ((List<?>) root)
                .stream().map(item -> new Scenario(file, map(item))).toList();
    }

    public String name() {
        return file + ": " + fields.get("case");
    }

    public String pipeline() {
        return String.valueOf(fields.get("pipeline"));
    }

    public Map<String, String> templates() {
        return texts(fields.get("templates"));
    }

    /** The errors that the pipeline has; none for one that is run. */
    public List<String> errors() {
        return fields.get("errors") instanceof List<?> errors
                ? errors.stream().map(String::valueOf).toList()
                : List.of();
    }

    /** What happens, in its order; a person's wish for a run where nothing is said. */
    public List<Map<String, Object>> events() {
        return fields.get("events") instanceof List<?> events
                ? events.stream().map(Scenario::map).toList()
                : List.of(Map.of("kind", "manual"));
    }

    /** The kinds of events that happen. */
    Set<String> kinds() {
        Stream<Map<String, Object>> all = script().isEmpty()
                ? events().stream()
                : script().stream().filter(act -> act.verb().equals("start")).map(Act::fields);
        return all.map(event -> String.valueOf(event.getOrDefault("kind", "push")))
                .collect(Collectors.toSet());
    }

    /** What people say to jobs that wait for approval, in the first run. */
    List<Answer> answers() {
        return fields.get("answers") instanceof List<?> answers
                ? answers.stream().map(Scenario::map).map(Answer::of).toList()
                : List.of();
    }

    /** What is done one after the other; nothing where only events happen. */
    List<Act> script() {
        return fields.get("script") instanceof List<?> acts
                ? acts.stream().map(Scenario::map).map(Act::of).toList()
                : List.of();
    }

    /** What a maintainer says of the run that an event starts, if that is held. */
    static Optional<Boolean> approves(Map<String, Object> event) {
        return Optional.ofNullable(event.get("approve")).map(said -> Boolean.parseBoolean(String.valueOf(said)));
    }

    /** What is expected of each event. */
    public List<Map<String, Object>> expected() {
        Object expect = fields.get("expect");
        return expect instanceof List<?> each ? each.stream().map(Scenario::map).toList() : List.of(map(expect));
    }

    static Map<String, Object> map(Object value) {
        Map<String, Object> map = new LinkedHashMap<>();
        if (value instanceof Map<?, ?> fields) {
            fields.forEach((key, inner) -> map.put(String.valueOf(key), inner));
        }
        return map;
    }

    static Map<String, String> texts(Object value) {
        Map<String, String> texts = new LinkedHashMap<>();
        map(value).forEach((key, inner) -> texts.put(key, Evaluation.written(inner)));
        return texts;
    }

    @Override
    public String toString() {
        return name();
    }
}
