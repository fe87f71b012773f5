package dev.flujo.core.plan;

import dev.flujo.core.plan.expression.Scope;
import dev.flujo.core.plan.shape.Limits;
import dev.flujo.core.plan.yaml.Node;
import dev.flujo.core.plan.yaml.Problems;
import dev.flujo.event.plan.Approval;
import dev.flujo.event.plan.Concurrency;
import dev.flujo.event.plan.Condition;
import dev.flujo.event.plan.Environment;
import dev.flujo.event.plan.Gate;
import java.util.List;
import java.util.Optional;

/** Reads what a job must pass before it starts. */
final class GateReader {

    private final Problems problems;
    private final Meaning meaning;

    GateReader(Problems problems, Meaning meaning) {
        this.problems = problems;
        this.meaning = meaning;
    }

    Gate read(Fields job, Scope scope) {
        return new Gate(
                condition(job, scope),
                environment(job, scope),
                approval(job),
                concurrency(job, scope, "${{ run.pipeline }}"));
    }

    Condition condition(Fields fields, Scope scope) {
        fields.scalar("if").ifPresent(text -> meaning.condition(text, scope));
        return new Condition(fields.text("if"), fields.flag("always", false), fields.flag("on-failure", false));
    }

    /** The group of a pipeline or job; without a name it is called as {@code otherwise} says. */
    Optional<Concurrency> concurrency(Fields fields, Scope scope, String otherwise) {
        if (fields.node("concurrency").isEmpty()) {
            return Optional.empty();
        }
        Fields settings = fields.mapping("concurrency");
        Optional<Node.Scalar> group = fields.scalar("concurrency").or(() -> settings.scalar("group"));
        group.ifPresent(text -> meaning.text(text, scope));
        return Optional.of(new Concurrency(
                group.map(Node.Scalar::text).orElse(otherwise),
                settings.whole("limit", 1),
                settings.word("policy", Concurrency.Policy.class, Concurrency.Policy.QUEUE),
                settings.flag("cancellable", true)));
    }

    private Optional<Environment> environment(Fields job, Scope scope) {
        Fields settings = job.mapping("environment");
        Optional<Node.Scalar> name = job.scalar("environment").or(() -> settings.scalar("name"));
        name.ifPresent(text -> meaning.text(text, scope));
        settings.scalar("url").ifPresent(text -> meaning.text(text, scope));
        return name.map(text -> new Environment(text.text(), settings.text("url"), settings.time("ttl")));
    }

    private Optional<Approval> approval(Fields job) {
        if (job.node("approval").isEmpty()) {
            return Optional.empty();
        }
        Fields settings = job.mapping("approval");
        List<String> from = settings.texts("from");
        int count = settings.whole("count", 1);
        boolean onlyUsers = !from.isEmpty() && from.stream().allMatch(name -> name.startsWith("user:"));
        if (onlyUsers && count > from.size()) {
            problems.add(
                    settings.node("count").orElseThrow(),
                    "Expected at most as many approvals as there are users in `from`, but `count` is " + count
                            + " and there are " + from.size() + "; lower it or name more.");
        }
        return Optional.of(new Approval(
                from,
                count,
                settings.flag("not-author", false),
                settings.time("expires").orElse(Limits.DEFAULT_EXPIRY)));
    }
}
