package dev.flujo.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.flujo.core.plan.PlanReader;
import dev.flujo.core.plan.PlanReading;
import dev.flujo.core.plan.expression.EventField;
import dev.flujo.core.trigger.EventWords;
import dev.flujo.core.trigger.TriggerEvent;
import dev.flujo.core.trigger.TriggerMatch;
import dev.flujo.core.trigger.TriggerRules;
import dev.flujo.event.Cause;
import dev.flujo.event.Revision;
import dev.flujo.event.RunEvent.RunQueued;
import dev.flujo.event.plan.Plan;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
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
        Plan plan = ((PlanReading.Readable) reading).plan();
        List<Map<String, Object>> expected = scenario.expected();
        if (!scenario.script().isEmpty()) {
            List<Map<String, Object>> told = new Director(plan).play(scenario);
            for (int i = 0; i < expected.size(); i++) {
                assertEquals(Story.written(expected.get(i)), Story.written(told.get(i)), "run " + (i + 1));
            }
            return;
        }
        List<Map<String, Object>> events = scenario.events();
        assertEquals(expected.size(), events.size(), "as many expectations as events");
        for (int i = 0; i < events.size(); i++) {
            assertEquals(Story.written(expected.get(i)), Story.written(played(plan, scenario, i)));
        }
    }

    /** What came of the event, with as much as the expectation says. */
    private static Map<String, Object> played(Plan plan, Scenario scenario, int number) {
        Map<String, Object> expected = scenario.expected().get(number);
        Map<String, Object> fields = new LinkedHashMap<>(scenario.events().get(number));
        Map<String, String> inputs = Scenario.texts(fields.remove("inputs"));
        Optional<Boolean> approves = Scenario.approves(fields);
        fields.remove("approve");
        if ("upstream".equals(fields.get("kind"))) {
            fields.putIfAbsent("project", "shop");
        }
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
        Play play = new Play(
                queued(ID, plan, trigger, starts, NOW), approves, number == 0 ? scenario.answers() : List.of());
        return play.story().told(expected, play::log);
    }

    private static String why(TriggerMatch match) {
        if (match instanceof TriggerMatch.Filtered filtered) return filtered.reason();
        if (match instanceof TriggerMatch.Refused refused) return refused.reason();
        return "unconcerned";
    }

    static RunQueued queued(UUID id, Plan plan, TriggerEvent trigger, TriggerMatch.Starts starts, Instant at) {
        return new RunQueued(
                "shop",
                id,
                plan.name(),
                "0123456789ab",
                new Cause(trigger.kind(), trigger.text(EventField.BY), "cause", at),
                new Revision(
                        Optional.empty(),
                        "main",
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of(trigger.text(EventField.AUTHOR)),
                        Optional.empty()),
                plan,
                starts.inputs(),
                trigger.fields());
    }
}
