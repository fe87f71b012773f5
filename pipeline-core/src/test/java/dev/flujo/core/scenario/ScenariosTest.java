package dev.flujo.core.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.flujo.core.plan.Cells;
import dev.flujo.core.plan.PlanReader;
import dev.flujo.core.plan.PlanReading;
import dev.flujo.core.run.JobState;
import dev.flujo.core.trigger.EventWords;
import dev.flujo.core.trigger.TriggerEvent;
import dev.flujo.core.trigger.TriggerMatch;
import dev.flujo.core.trigger.TriggerRules;
import dev.flujo.event.Cause;
import dev.flujo.event.Revision;
import dev.flujo.event.RunEvent.RunQueued;
import dev.flujo.event.plan.Plan;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The cases of e2e/scenarios, played by the core alone; e2e plays them on the whole stack. */
class ScenariosTest {

    private static final UUID ID = UUID.fromString("00000000-0000-5000-8000-000000000003");
    private static final Instant NOW = Instant.parse("2026-11-24T10:00:00Z");

    static List<Scenario> scenarios() {
        return Scenario.all();
    }

    @Test
    void areAtLeastAHundredWithNamesOfTheirOwn() {
        List<String> names = scenarios().stream().map(Scenario::name).toList();

        assertTrue(names.size() >= 100, () -> "only " + names.size());
        assertEquals(names.stream().distinct().toList(), names);
    }

    @ParameterizedTest
    @MethodSource("scenarios")
    void goAsExpected(Scenario scenario) {
        PlanReading reading = PlanReader.read(scenario.pipeline(), scenario.templates());
        if (reading instanceof PlanReading.Refused refused) {
            assertEquals(
                    scenario.errors(),
                    refused.problems().stream().map(String::valueOf).toList());
            return;
        }
        assertEquals(List.of(), scenario.errors());
        Plan plan = Cells.expanded(((PlanReading.Readable) reading).plan());
        List<Map<String, Object>> expected = scenario.expected();
        List<Map<String, Object>> events = scenario.events();
        assertEquals(expected.size(), events.size(), "as many expectations as events");
        for (int i = 0; i < events.size(); i++) {
            assertEquals(written(expected.get(i)), written(played(plan, events.get(i), expected.get(i))));
        }
    }

    /** What came of the event, with as much as the expectation says. */
    private static Map<String, Object> played(Plan plan, Map<String, Object> event, Map<String, Object> expected) {
        Map<String, Object> fields = new LinkedHashMap<>(event);
        Map<String, String> inputs = Scenario.texts(fields.remove("inputs"));
        TriggerEvent trigger = EventWords.event(fields);
        TriggerMatch match = TriggerRules.match(plan, "shop", trigger, inputs);
        Map<String, Object> came = new LinkedHashMap<>();
        if (!(match instanceof TriggerMatch.Starts starts)) {
            came.put("starts", "false");
            if (expected.containsKey("why")) {
                came.put("why", why(match));
            }
            return came;
        }
        Play play = new Play(queued(plan, trigger, starts));
        came.put("outcome", word(play.run().outcome().orElseThrow()));
        if (expected.containsKey("jobs")) {
            came.put("jobs", jobs(play));
        }
        Map<String, String> why = Scenario.texts(expected.get("why"));
        if (!why.isEmpty()) {
            why.replaceAll((job, text) -> play.reasons().getOrDefault(job, ""));
            came.put("why", why);
        }
        Map<String, String> log = Scenario.texts(expected.get("log"));
        if (!log.isEmpty()) {
            log.replaceAll((job, text) -> play.logs().getOrDefault(job, "").strip());
            came.put("log", log);
        }
        if (expected.get("order") instanceof List<?> order) {
            came.put("order", play.started().stream().filter(order::contains).toList());
        }
        return came;
    }

    /** How each job ended, and after how many attempts if after more than one. */
    private static Map<String, String> jobs(Play play) {
        Map<String, String> jobs = new LinkedHashMap<>();
        play.run().jobs().forEach((id, state) -> jobs.put(id, word(state)));
        return jobs;
    }

    private static String word(JobState state) {
        String word = word(state.outcome().orElseThrow());
        return state.attempt() > 1 ? word + " after " + state.attempt() : word;
    }

    private static String word(Enum<?> word) {
        return word.name().toLowerCase(Locale.ROOT);
    }

    private static String why(TriggerMatch match) {
        if (match instanceof TriggerMatch.Filtered filtered) return filtered.reason();
        if (match instanceof TriggerMatch.Refused refused) return refused.reason();
        return "unconcerned";
    }

    private static RunQueued queued(Plan plan, TriggerEvent trigger, TriggerMatch.Starts starts) {
        return new RunQueued(
                "shop",
                ID,
                plan.name(),
                "0123456789ab",
                new Cause(trigger.kind(), "ana", "cause", NOW),
                new Revision(
                        Optional.empty(),
                        "main",
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty()),
                plan,
                starts.inputs(),
                trigger.fields());
    }

    private static String written(Map<String, Object> map) {
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
