package dev.flujo.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.flujo.core.plan.PlanReader;
import dev.flujo.core.plan.PlanReading;
import dev.flujo.core.plan.expression.EventField;
import dev.flujo.core.run.Run;
import dev.flujo.core.trigger.EventWords;
import dev.flujo.core.trigger.TriggerEvent;
import dev.flujo.core.trigger.TriggerMatch;
import dev.flujo.core.trigger.TriggerRules;
import dev.flujo.event.Cause;
import dev.flujo.event.Outcome;
import dev.flujo.event.Revision;
import dev.flujo.event.RunEvent.RunQueued;
import dev.flujo.event.plan.Plan;
import dev.flujo.event.plan.Triggers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each example of the pipeline reference is started by something that it waits for, and runs to its end. */
class ReferenceExamplesTest {

    private static final Path PAGE = Path.of("..", "docs", "pipeline-reference.md");
    private static final Pattern EXAMPLE = Pattern.compile("```yaml\n(.*?)```", Pattern.DOTALL);
    private static final Pattern TEMPLATE = Pattern.compile("```yaml template (\\S+)\n(.*?)```", Pattern.DOTALL);
    private static final Instant NOW = Instant.parse("2026-11-24T10:00:00Z");
    private static final UUID ID = UUID.fromString("00000000-0000-5000-8000-000000000009");

    static List<String> examples() throws IOException {
        return EXAMPLE.matcher(Files.readString(PAGE))
                .results()
                .map(match -> match.group(1))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("examples")
    void runsToItsEnd(String example) throws IOException {
        Map<String, String> templates = new HashMap<>();
        TEMPLATE.matcher(Files.readString(PAGE))
                .results()
                .forEach(match -> templates.put(match.group(1), match.group(2)));
        Plan plan = assertInstanceOf(PlanReading.Readable.class, PlanReader.read(example, templates))
                .plan();
        int started = 0;
        for (Map<String, Object> fields : events(plan.on())) {
            TriggerEvent event = EventWords.event(fields);
            if (TriggerRules.match(plan, "shop", event, given(plan, event)) instanceof TriggerMatch.Starts starts) {
                started++;
                endsAsItShould(new Play(queued(plan, event, starts), Optional.empty(), List.of()).story());
            }
        }
        assertTrue(started > 0, "something starts it");
    }

    /** Nobody approves here, and no script leaves outputs; everything else goes well. */
    private static void endsAsItShould(Story story) {
        Run run = story.run();
        assertTrue(run.ended());
        run.jobs().forEach((id, job) -> {
            Outcome outcome = job.outcome().orElseThrow();
            boolean foreseen = story.why(id).contains(" approvals within ")
                    || story.why(id).contains(".outputs.");
            assertEquals(foreseen && outcome != Outcome.SKIPPED, outcome == Outcome.FAILED, id + " " + story.why(id));
        });
    }

    /** One event for each thing that these triggers wait for. */
    private static List<Map<String, Object>> events(Triggers on) {
        List<Map<String, Object>> events = new ArrayList<>();
        on.push().ifPresent(push -> events.add(event("push")));
        on.pullRequest().ifPresent(request -> events.add(event("pull_request", "base", "main", "number", 7)));
        on.tag().ifPresent(tag -> events.add(event("tag", "tag", "v1.0")));
        on.schedules().forEach(schedule -> events.add(event("schedule", "cron", schedule.cron())));
        if (on.manual()) {
            events.add(event("manual"));
        }
        on.api().ifPresent(api -> events.add(event("api", "payload", Map.of("reason", "news"))));
        on.kafka()
                .forEach(kafka -> events.add(
                        event("kafka", "topic", kafka.topic(), "payload", Map.of("name", "jdk", "tag", "21"))));
        on.upstream()
                .forEach(upstream -> events.add(event(
                        "upstream",
                        "pipeline",
                        upstream.pipeline(),
                        "project",
                        upstream.project().orElse("shop"))));
        on.deployments()
                .forEach(deployment -> events.add(event(
                        "deployment", "environment", deployment.environments().get(0))));
        return events;
    }

    private static Map<String, Object> event(String kind, Object... fields) {
        Map<String, Object> event = new LinkedHashMap<>(Map.of("kind", kind));
        if (!kind.equals("schedule")) {
            event.put("branch", "main");
        }
        for (int i = 0; i < fields.length; i += 2) {
            event.put(String.valueOf(fields[i]), fields[i + 1]);
        }
        return event;
    }

    private static Map<String, String> given(Plan plan, TriggerEvent event) {
        Map<String, String> given = new HashMap<>();
        boolean asked = event.kind() == Cause.Kind.MANUAL || event.kind() == Cause.Kind.API;
        plan.inputs().forEach((name, input) -> {
            if (asked && input.required()) {
                given.put(name, "1");
            }
        });
        return given;
    }

    private static RunQueued queued(Plan plan, TriggerEvent event, TriggerMatch.Starts starts) {
        return new RunQueued(
                "shop",
                ID,
                plan.name(),
                "0123456789ab",
                new Cause(event.kind(), event.text(EventField.BY), "cause", NOW),
                new Revision(
                        Optional.empty(),
                        "main",
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty()),
                plan,
                starts.inputs(),
                event.fields());
    }
}
