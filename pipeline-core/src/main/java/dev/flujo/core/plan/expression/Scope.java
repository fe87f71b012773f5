package dev.flujo.core.plan.expression;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The names that an expression may use at one place of a file: its variables, and of those whose members are known, the
 * members. Of {@code needs} the members are jobs, each with its outputs, or none where they are not to be had.
 */
public record Scope(
        List<String> variables, Map<String, List<String>> members, Map<String, Optional<List<String>>> needs) {

    /** What the platform says of the run itself. */
    public static final List<String> RUN = List.of("id", "project", "pipeline", "version");

    public Scope {
        variables = List.copyOf(variables);
        members = Map.copyOf(members);
        needs = Map.copyOf(needs);
    }

    /** Only the event. */
    public static Scope ofEvent() {
        return new Scope(List.of("event"), Map.of("event", EventField.words()), Map.of());
    }

    /** What an analysis gives. */
    public static Scope ofAnalysis() {
        return new Scope(List.of("result", "stable"), Map.of(), Map.of());
    }

    /** The event, the inputs and the run. */
    public Scope and(String variable, List<String> names) {
        Map<String, List<String>> more = new HashMap<>(members);
        more.put(variable, List.copyOf(names));
        if (variables.contains(variable)) {
            return new Scope(variables, more, needs);
        }
        List<String> all = new ArrayList<>(variables);
        all.add(variable);
        return new Scope(all, more, needs);
    }

    /** The jobs that a job needs, with their outputs. */
    public Scope needing(Map<String, Optional<List<String>>> jobs) {
        Scope with = and("needs", List.copyOf(new TreeMap<>(jobs).keySet()));
        return new Scope(with.variables(), with.members(), jobs);
    }
}
