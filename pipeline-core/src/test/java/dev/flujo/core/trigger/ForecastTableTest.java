package dev.flujo.core.trigger;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.flujo.core.plan.PlanReader;
import dev.flujo.core.plan.PlanReading;
import dev.flujo.event.Cause;
import dev.flujo.event.plan.Plan;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Each case of forecasts.txt: after {@code ===} its name, then a pipeline, then for each event after {@code ---} the event
 * ({@code kind field=value, …}; a value in brackets is a list, {@code input:name=value} is given with the request), what the
 * pipeline says to it, and what would become of its jobs.
 */
class ForecastTableTest {

    @TestFactory
    Stream<DynamicTest> foresees() throws IOException {
        try (InputStream in = ForecastTableTest.class.getResourceAsStream("forecasts.txt")) {
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            List<DynamicTest> tests = new ArrayList<>();
            for (String part : text.split("(?m)^=== ", -1)) {
                int line = part.indexOf('\n');
                if (line > 0) {
                    String[] blocks = part.substring(line + 1).split("(?m)^--- ", -1);
                    Plan plan = plan(blocks[0]);
                    for (int i = 1; i < blocks.length; i++) {
                        String block = blocks[i];
                        tests.add(DynamicTest.dynamicTest(
                                part.substring(0, line) + ": "
                                        + block.lines().findFirst().orElse(""),
                                () -> check(plan, block)));
                    }
                }
            }
            return tests.stream();
        }
    }

    private static void check(Plan plan, String block) {
        int line = block.indexOf('\n');
        assertEquals(block.substring(line + 1), said(plan, block.substring(0, line)));
    }

    static String said(Plan plan, String event) {
        Map<String, Object> fields = new TreeMap<>();
        Map<String, String> given = new TreeMap<>();
        String[] words = event.split(" ", 2);
        for (String field : words.length == 1 ? new String[0] : words[1].split(", (?![^\\[]*])", -1)) {
            String[] parts = field.split("=", 2);
            if (parts[0].startsWith("input:")) {
                given.put(parts[0].substring("input:".length()), parts[1]);
            } else {
                fields.put(parts[0], value(parts[0], parts[1]));
            }
        }
        Cause.Kind kind = Cause.Kind.valueOf(words[0].toUpperCase(Locale.ROOT));
        return written(Forecast.of(plan, "shop", new TriggerEvent(kind, fields), given));
    }

    private static Object value(String field, String text) {
        if (text.startsWith("[")) {
            String inner = text.substring(1, text.length() - 1);
            return inner.isEmpty() ? List.of() : List.of(inner.split(", ", -1));
        }
        if (field.equals("payload")) {
            return Map.of("name", text, "size", 3);
        }
        if (field.equals("number")) {
            return Integer.parseInt(text);
        }
        return text.equals("true") || text.equals("false") ? (Object) Boolean.parseBoolean(text) : text;
    }

    private static String written(Forecast forecast) {
        StringBuilder text = new StringBuilder();
        if (forecast.match() instanceof TriggerMatch.Starts starts) {
            text.append("starts");
            new TreeMap<>(starts.inputs())
                    .forEach((name, value) ->
                            text.append(' ').append(name).append('=').append(value));
            starts.branch().ifPresent(branch -> text.append(" on ").append(branch));
        } else if (forecast.match() instanceof TriggerMatch.Filtered filtered) {
            text.append("filtered: ").append(filtered.reason());
        } else if (forecast.match() instanceof TriggerMatch.Refused refused) {
            text.append("refused: ").append(refused.reason());
        } else {
            text.append("unconcerned");
        }
        text.append('\n');
        forecast.jobs().forEach(job -> text.append(job.id())
                .append(' ')
                .append(job.verdict().name().toLowerCase(Locale.ROOT))
                .append(": ")
                .append(job.reason())
                .append('\n'));
        return text.toString();
    }

    private static Plan plan(String source) {
        PlanReading reading = PlanReader.read(source);
        if (reading instanceof PlanReading.Readable readable) {
            return readable.plan();
        }
        throw new AssertionError("Expected a plan, but it was refused: " + reading);
    }
}
