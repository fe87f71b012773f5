package dev.flujo.core.plan;

import dev.flujo.core.plan.expression.Scope;
import dev.flujo.core.plan.shape.Limits;
import dev.flujo.core.plan.yaml.Node;
import dev.flujo.core.plan.yaml.Problems;
import dev.flujo.core.plan.yaml.Quote;
import dev.flujo.event.plan.Input;
import dev.flujo.event.plan.Triggers;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads {@code on}: an event, a list of events, or events with their settings. */
final class TriggersReader {

    /** What a pipeline without {@code on} has. */
    static final Triggers DEFAULT = new Triggers(Optional.of(new Triggers.Push(List.of())), true);

    private static final List<String> TYPES = List.of("opened", "synchronize", "reopened");
    private static final List<String> SUCCEEDED = List.of("succeeded");
    private static final String UTC = "UTC";

    private final Problems problems;
    private final Meaning meaning;
    private final InputReader inputs;
    private final Map<String, Input> declared;

    TriggersReader(Problems problems, Meaning meaning, Map<String, Input> declared) {
        this.problems = problems;
        this.meaning = meaning;
        this.inputs = new InputReader(problems);
        this.declared = declared;
    }

    Triggers read(Node node) {
        Fields fields = new Fields(node, problems);
        Set<String> events = new HashSet<>();
        fields.all().forEach(field -> events.add(field.name()));
        if (!(node instanceof Node.Fields)) {
            new Fields(null, problems).scalarsOf(node).forEach(event -> events.add(event.text()));
        }
        checkRequired(node, fields, events);
        checkTwice(fields);
        return new Triggers(
                when(events, "push", () -> push(fields.mapping("push"))),
                events.contains("manual"),
                when(events, "pull_request", () -> pullRequest(fields.mapping("pull_request"))),
                when(
                        events,
                        "tag",
                        () -> new Triggers.Tag(fields.mapping("tag").texts("tags"), condition(fields.mapping("tag")))),
                each(fields, "schedule", this::schedule),
                when(events, "api", () -> new Triggers.Api(condition(fields.mapping("api")))),
                each(fields, "kafka", this::kafka),
                each(fields, "upstream", this::upstream),
                events.contains("deployment") && fields.entries("deployment").isEmpty()
                        ? List.of(deployment(new Fields(null, problems)))
                        : each(fields, "deployment", this::deployment));
    }

    private static <T> Optional<T> when(Set<String> events, String name, java.util.function.Supplier<T> trigger) {
        return events.contains(name) ? Optional.of(trigger.get()) : Optional.empty();
    }

    private <T> List<T> each(Fields fields, String name, java.util.function.Function<Fields, T> trigger) {
        return fields.entries(name).stream()
                .filter(entry -> entry instanceof Node.Fields)
                .map(entry -> trigger.apply(new Fields(entry, problems)))
                .toList();
    }

    private Triggers.Push push(Fields fields) {
        return new Triggers.Push(fields.texts("branches"), fields.texts("paths"), condition(fields));
    }

    private Triggers.PullRequest pullRequest(Fields fields) {
        List<String> types = fields.texts("types");
        return new Triggers.PullRequest(
                fields.texts("branches"), fields.texts("paths"), types.isEmpty() ? TYPES : types, condition(fields));
    }

    private Triggers.Schedule schedule(Fields fields) {
        fields.scalar("cron").ifPresent(this::checkCron);
        fields.scalar("timezone").ifPresent(this::checkZone);
        return new Triggers.Schedule(
                fields.text("cron").orElse(""),
                fields.text("timezone").orElse(UTC),
                branch(fields).orElse(Limits.DEFAULT_BRANCH),
                fields.word("missed", Triggers.Schedule.Missed.class, Triggers.Schedule.Missed.ONCE),
                given(fields));
    }

    private void checkTwice(Fields fields) {
        Set<List<Optional<String>>> times = new HashSet<>();
        for (Node entry : fields.entries("schedule")) {
            Fields settings = new Fields(entry, problems);
            Optional<String> cron = settings.text("cron");
            Optional<String> zone = settings.text("timezone").or(() -> Optional.of(UTC));
            Optional<String> branch = settings.text("branch").or(() -> Optional.of(Limits.DEFAULT_BRANCH));
            if (cron.isPresent() && !times.add(List.of(cron, zone, branch))) {
                problems.add(
                        entry,
                        "Expected each time once, but an earlier entry of `schedule` has the same `cron`, `timezone` and"
                                + " `branch`; remove one of them.");
            }
        }
    }

    private void checkCron(Node.Scalar text) {
        Cron.refusal(text.text())
                .ifPresent(reason -> problems.add(text, "Expected a time as cron writes it, but " + reason + "."));
    }

    private void checkZone(Node.Scalar text) {
        if (!Zones.known(text.text())) {
            problems.add(
                    text,
                    "Expected the name of a time zone, but there is no " + text.described() + "; correct it.",
                    () -> problems.search(() -> Zones.meant(text.text())));
        }
    }

    private Triggers.Kafka kafka(Fields fields) {
        return new Triggers.Kafka(
                fields.text("topic").orElse(""),
                condition(fields),
                branch(fields).orElse(Limits.DEFAULT_BRANCH),
                given(fields));
    }

    private Triggers.Upstream upstream(Fields fields) {
        return new Triggers.Upstream(
                fields.text("project"),
                fields.text("pipeline").orElse(""),
                fields.texts("branches"),
                outcomes(fields),
                branch(fields),
                given(fields),
                condition(fields));
    }

    private Triggers.Deployment deployment(Fields fields) {
        return new Triggers.Deployment(
                fields.texts("environments"), outcomes(fields), given(fields), condition(fields));
    }

    private static List<String> outcomes(Fields fields) {
        List<String> outcomes = fields.texts("outcomes");
        return outcomes.isEmpty() ? SUCCEEDED : outcomes;
    }

    private Optional<String> condition(Fields fields) {
        fields.scalar("if").ifPresent(text -> meaning.condition(text, Scope.ofEvent()));
        return fields.text("if");
    }

    private Optional<String> branch(Fields fields) {
        fields.scalar("branch").ifPresent(text -> meaning.text(text, Scope.ofEvent()));
        return fields.text("branch");
    }

    private Map<String, String> given(Fields fields) {
        Map<String, Node.Scalar> values = fields.table("inputs");
        inputs.checkValues(values, fields.mapping("inputs"), declared, "this pipeline");
        meaning.texts(values.values(), Scope.ofEvent());
        return Fields.texts(values);
    }

    /** Nobody can be asked for an input where a push starts the run; a schedule can bring it. */
    private void checkRequired(Node on, Fields fields, Set<String> events) {
        Optional<String> asked = InputReader.missing(declared, new Fields(null, problems));
        if (asked.isEmpty()) {
            return;
        }
        for (String event : List.of("push", "pull_request", "tag")) {
            if (events.contains(event)) {
                problems.add(
                        fields.field(event)
                                .map(Node.Field::key)
                                .map(Node.class::cast)
                                .orElse(on),
                        "Expected a default of every input, because `" + event + "` starts runs without asking anybody,"
                                + " but input " + Quote.of(asked.get()) + " has none; give it one.");
            }
        }
        for (String event : List.of("schedule", "kafka", "upstream", "deployment")) {
            for (Node entry : fields.entries(event)) {
                Fields settings = new Fields(entry, problems);
                InputReader.missing(declared, settings.mapping("inputs"))
                        .ifPresent(missing -> problems.add(
                                entry,
                                "Expected a value for every input without a default, but `" + event
                                        + "` gives none for " + Quote.of(missing) + "; add it to `inputs` there."));
            }
        }
    }
}
