package dev.flujo.core.plan.shape;

import dev.flujo.core.plan.expression.EventField;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The tables of the reference, as the shapes have them. */
final class ReferenceTables {

    private static final Pattern PLACE =
            Pattern.compile("(?m)^<!-- (keys: ([a-z_-]+)|events) " + "-->\n(?:\n*(?:^\\|[^\n]*\n)+)?");

    private static final Map<String, List<Key>> TABLES = new TreeMap<>();

    static {
        TABLES.put("pipeline", PipelineShape.PIPELINE.keys());
        TABLES.put("on", OnShape.ON.keys());
        TABLES.put("push", TriggerShapes.PUSH.keys());
        TABLES.put("pull_request", TriggerShapes.PULL_REQUEST.keys());
        TABLES.put("tag", TriggerShapes.TAG.keys());
        TABLES.put("schedule", TriggerShapes.SCHEDULE.keys());
        TABLES.put("api", TriggerShapes.API.keys());
        TABLES.put("kafka", TriggerShapes.KAFKA.keys());
        TABLES.put("upstream", TriggerShapes.UPSTREAM.keys());
        TABLES.put("deployment", TriggerShapes.DEPLOYMENT.keys());
        TABLES.put("input", PipelineShape.INPUT.keys());
        TABLES.put("template", PipelineShape.TEMPLATE.keys());
        TABLES.put("job", JobShape.JOB.keys());
        TABLES.put("step", StepShape.STEP.keys());
        TABLES.put("matrix", MatrixShape.FIXED);
        for (Shape.Keys keys : AllKeys.of(PipelineShape.PIPELINE)) {
            String name = keys.owner().replaceAll("^(an entry of|an|a) |`", "");
            TABLES.putIfAbsent(name.equals("wave") ? "waves" : name, keys.keys());
        }
    }

    private ReferenceTables() {}

    /** The page with all of its tables as they should be. */
    static String filled(String page) {
        Matcher places = PLACE.matcher(page);
        return places.replaceAll(place -> {
            List<String> rows = new ArrayList<>(place.group(2) == null ? events() : keys(place.group(2)));
            return Matcher.quoteReplacement("<!-- " + place.group(1) + " -->\n\n" + String.join("\n", rows) + "\n");
        });
    }

    /** The tables that the page must have. */
    static List<String> names() {
        return TABLES.entrySet().stream()
                .filter(table -> !table.getValue().isEmpty())
                .map(Map.Entry::getKey)
                .filter(name -> !List.of("canary step", "empty mapping").contains(name))
                .toList();
    }

    private static List<String> keys(String name) {
        List<String> rows = new ArrayList<>(
                List.of("| key | type | default | what it says, and its limits |", "|---|---|---|---|"));
        for (Key key : TABLES.get(name)) {
            rows.add("| `" + key.name() + "` | " + type(key.shape()) + " | " + key.otherwise() + " | " + key.says()
                    + " |");
        }
        return rows;
    }

    private static List<String> events() {
        List<String> rows = new ArrayList<>(List.of("| field | what it is |", "|---|---|"));
        Arrays.stream(EventField.values())
                .map(field -> "| `event." + field.word() + "` | " + field.says() + " |")
                .forEach(rows::add);
        return rows;
    }

    private static String type(Shape shape) {
        if (shape instanceof Shape.Text text) {
            return text.expressions() == Shape.Text.Expressions.ITSELF ? "expression" : "text";
        }
        if (shape instanceof Shape.Word || shape instanceof Shape.Bare) return "word";
        if (shape instanceof Shape.Whole) return "number";
        if (shape instanceof Shape.Span) return "time";
        if (shape instanceof Shape.Flag) return "`true`, `false`";
        if (shape instanceof Shape.Items items) return "list of " + plural(type(items.item()));
        if (shape instanceof Shape.Table || shape instanceof Shape.Keys) return "mapping";
        if (shape instanceof Shape.Forms forms) {
            List<String> ways = new ArrayList<>();
            if (forms.nothing()) {
                ways.add("nothing");
            }
            forms.text().map(ReferenceTables::type).ifPresent(ways::add);
            forms.list().map(ReferenceTables::type).ifPresent(ways::add);
            forms.mapping().map(ReferenceTables::type).ifPresent(ways::add);
            return ways.stream().distinct().collect(Collectors.joining(", "));
        }
        throw new AssertionError("unhandled shape " + shape);
    }

    private static String plural(String type) {
        return type.contains(",") ? "these: " + type : type + "s";
    }
}
