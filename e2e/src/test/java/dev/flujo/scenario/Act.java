package dev.flujo.scenario;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One act of a script: {@code start} an event, {@code approve} or {@code reject} a job, {@code cancel} or {@code rerun} a run,
 * look {@code why} a run waits, or wait until a job is {@code running} or runs have {@code ended}. Runs go by their numbers, in the order of their starts.
 */
record Act(String verb, Map<String, Object> fields) {

    static Act of(Map<String, Object> item) {
        Map.Entry<String, Object> only = item.entrySet().iterator().next();
        if (item.size() != 1) {
            throw new IllegalArgumentException("Expected one verb in an act, but it is " + item);
        }
        return new Act(
                only.getKey(),
                only.getValue() instanceof List<?> runs ? Map.of("runs", runs) : Scenario.map(only.getValue()));
    }

    int run() {
        return ((Number) fields.get("run")).intValue();
    }

    List<Integer> runs() {
        return ((List<?>) fields.get("runs"))
                .stream().map(number -> ((Number) number).intValue()).toList();
    }

    /** The HTTP status that is expected. */
    int status() {
        return fields.get("status") instanceof Number status ? status.intValue() : Answer.ACCEPTED;
    }

    Optional<String> text(String field) {
        return Optional.ofNullable(fields.get(field)).map(String::valueOf);
    }

    boolean flag(String field) {
        return Boolean.TRUE.equals(fields.get(field));
    }

    /** What a run is expected to wait for, each as its job, the reason and the place in the queue. */
    List<String> waits() {
        return ((List<?>) fields.get("waits")).stream().map(String::valueOf).toList();
    }

    /** What somebody says to a job. */
    Answer answer() {
        return new Answer(
                text("job").orElseThrow(),
                text("by").orElse("bob"),
                List.of(),
                verb.equals("approve"),
                text("comment"),
                flag("older"),
                status());
    }

    @Override
    public String toString() {
        return verb + " " + fields;
    }
}
