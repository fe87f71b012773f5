package dev.flujo.scenario;

import dev.flujo.core.run.JobState;
import dev.flujo.core.run.Run;
import dev.flujo.event.Envelope;
import dev.flujo.event.Event;
import dev.flujo.event.JobEvent.JobFinished;
import dev.flujo.event.JobEvent.JobSkipped;
import dev.flujo.event.JobEvent.JobStarted;
import dev.flujo.event.JobEvent.JobStopping;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** What the log of a run tells, as scenarios expect it. */
final class Story {

    private final Map<String, String> reasons = new LinkedHashMap<>();
    private final Map<String, Long> lines = new LinkedHashMap<>();
    private final List<String> started = new ArrayList<>();
    private Optional<Run> run = Optional.empty();

    /** The story of a whole log. */
    static Story of(List<Envelope> log) {
        Story story = new Story();
        log.forEach(envelope -> story.add(envelope.event()));
        return story;
    }

    void add(Event event) {
        run = Optional.of(Run.evolve(run, event));
        if (event instanceof JobSkipped skipped) {
            reasons.put(skipped.attempt().job(), skipped.reason());
        } else if (event instanceof JobFinished finished) {
            finished.reason().ifPresent(reason -> reasons.put(finished.attempt().job(), reason));
            lines.put(finished.attempt().job(), finished.lines());
        } else if (event instanceof JobStopping stop) {
            reasons.put(stop.attempt().job(), stop.reason());
        } else if (event instanceof JobStarted begun
                && !started.contains(begun.attempt().job())) {
            started.add(begun.attempt().job());
        }
    }

    /** Why a job ended as it did, as far as that was said. */
    String why(String job) {
        return reasons.getOrDefault(job, "");
    }

    Optional<Run> known() {
        return run;
    }

    Run run() {
        return run.orElseThrow();
    }

    /** How many lines the newest attempt of a job has printed. */
    long lines(String job) {
        return lines.getOrDefault(job, 0L);
    }

    /** As much of it as the expectation asks for; {@code log} gives what a job printed. */
    Map<String, Object> told(Map<String, Object> expected, Function<String, String> log) {
        Map<String, Object> told = new LinkedHashMap<>();
        for (String what : expected.keySet()) {
            switch (what) {
                case "outcome" -> told.put(what, word(run().outcome().orElseThrow()));
                case "jobs" -> told.put(what, jobs());
                case "why" -> told.put(what, each(expected.get(what), job -> reasons.getOrDefault(job, "")));
                case "log" ->
                    told.put(
                            what, each(expected.get(what), job -> log.apply(job).strip()));
                case "ran" -> told.put(what, started.stream().sorted().toList());
                case "order" ->
                    told.put(
                            what,
                            started.stream()
                                    .filter(((List<?>) expected.get(what))::contains)
                                    .toList());
                default -> throw new IllegalArgumentException("Expected something that a run tells, but it is " + what);
            }
        }
        return told;
    }

    private static Map<String, String> each(Object expected, Function<String, String> of) {
        Map<String, String> each = Scenario.texts(expected);
        each.replaceAll((job, text) -> of.apply(job));
        return each;
    }

    /** How each job ended, and after how many attempts if after more than one. */
    private Map<String, String> jobs() {
        Map<String, String> jobs = new LinkedHashMap<>();
        run().jobs().forEach((id, state) -> jobs.put(id, word(state)));
        return jobs;
    }

    private static String word(JobState state) {
        String word = word(state.outcome().orElseThrow());
        return state.attempt() > 1 ? word + " after " + state.attempt() : word;
    }

    private static String word(Enum<?> word) {
        return word.name().toLowerCase(Locale.ROOT);
    }

    /** What was told or expected, so that two of them can be compared. */
    static String written(Map<String, Object> map) {
        List<String> lines = new ArrayList<>();
        map.forEach((key, value) ->
                lines.add(value instanceof Map<?, ?> inner ? key + ":\n" + lines(inner) : key + ": " + value));
        return String.join("\n", lines);
    }

    private static String lines(Map<?, ?> map) {
        List<String> lines = new ArrayList<>();
        map.forEach((key, value) ->
                lines.add("  " + key + ": " + String.valueOf(value).strip()));
        return String.join("\n", lines);
    }
}
