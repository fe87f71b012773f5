package dev.flujo.core.plan;

import dev.flujo.event.plan.Triggers;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads {@code on}: an event, a list of events, or events with their settings. */
final class TriggersReader {

    /** What a pipeline without {@code on} has. */
    static final Triggers DEFAULT = new Triggers(Optional.of(new Triggers.Push(List.of())), true);

    private static final String PUSH = "push";
    private static final String MANUAL = "manual";

    private final Problems problems;
    private final Values values;

    TriggersReader(Problems problems) {
        this.problems = problems;
        this.values = new Values(problems);
    }

    Triggers read(Node node) {
        if (node instanceof Node.Fields) {
            return settings(node);
        }
        boolean push = false;
        boolean manual = false;
        for (Node.Scalar event : values.texts(node, "`on`", Limits.PATTERNS)) {
            Optional<String> refusal = Vocabulary.ON.refusal(event.text());
            refusal.ifPresent(message -> problems.add(event, message, () -> Vocabulary.ON.meant(event.text())));
            push |= event.text().equals(PUSH);
            manual |= event.text().equals(MANUAL);
        }
        return new Triggers(push ? DEFAULT.push() : Optional.empty(), manual);
    }

    private Triggers settings(Node node) {
        Map<String, Node.Field> fields = values.fields(node, "`on`", Vocabulary.ON);
        if (values.mapping(node, "`on`").isEmpty()) {
            problems.add(node, "Expected `push` or `manual` in `on`, but it is empty; name one or remove `on`.");
        }
        Optional<Triggers.Push> push = Optional.ofNullable(fields.get(PUSH)).map(field -> push(field.value()));
        Optional.ofNullable(fields.get(MANUAL)).ifPresent(field -> checkManual(field.value()));
        return new Triggers(push, fields.containsKey(MANUAL));
    }

    private Triggers.Push push(Node node) {
        if (node instanceof Node.Scalar scalar && scalar.absent()) {
            return new Triggers.Push(List.of());
        }
        if (!(node instanceof Node.Fields)) {
            values.refuse(node, "Expected `push` without a value or as a mapping such as `push: {branches: [main]}`");
            return new Triggers.Push(List.of());
        }
        Node.Field branches = values.fields(node, "`push`", Vocabulary.PUSH).get("branches");
        if (branches == null) {
            return new Triggers.Push(List.of());
        }
        List<Node.Scalar> patterns = values.texts(branches.value(), "`branches`", Limits.PATTERNS);
        for (Node.Scalar pattern : patterns) {
            Branches.refusal(pattern.text())
                    .ifPresent(reason -> problems.add(
                            pattern,
                            "Expected a branch or a pattern of branches, but " + pattern.described() + " " + reason
                                    + ".",
                            () -> Branches.meant(pattern.text())));
        }
        return new Triggers.Push(patterns.stream().map(Node.Scalar::text).toList());
    }

    private void checkManual(Node node) {
        boolean bare = node instanceof Node.Scalar scalar
                && (scalar.absent() || scalar.text().equals("true"));
        boolean withoutSettings =
                node instanceof Node.Fields settings && settings.fields().isEmpty();
        if (!bare && !withoutSettings) {
            values.refuse(node, "Expected `manual` without a value or with `true`");
        }
    }
}
