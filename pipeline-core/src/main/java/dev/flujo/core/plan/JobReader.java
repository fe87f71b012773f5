package dev.flujo.core.plan;

import dev.flujo.event.plan.Job;
import dev.flujo.event.plan.Step;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads one job: steps or a deployment, and what surrounds them. */
final class JobReader {

    private static final List<String> ONLY_WITH_STEPS = List.of("artifacts", "reports");

    private final Problems problems;
    private final Values values;
    private final StepReader steps;
    private final EnvReader env;

    JobReader(Problems problems) {
        this.problems = problems;
        this.values = new Values(problems);
        this.steps = new StepReader(problems);
        this.env = new EnvReader(problems);
    }

    /** A job with the nodes of its id and of the jobs that it names, for those who check all jobs together. */
    record ReadJob(Node.Scalar id, List<Node.Scalar> needs, Optional<Node.Scalar> from, Job job) {}

    /** Where something is wrong, the job has something harmless instead: nobody will see it. */
    ReadJob read(Node.Field field) {
        checkId(field.key());
        Map<String, Node.Field> fields = values.fields(field.value(), "job " + Quote.of(field.name()), Vocabulary.JOB);
        checkKind(field, fields);
        List<Node.Scalar> needs = value(fields, "needs")
                .map(node -> values.texts(node, "`needs`", Limits.NEEDS))
                .orElse(List.of());
        Optional<DeployReader.ReadDeploy> deploy = value(fields, "deploy").flatMap(new DeployReader(problems)::read);
        Map<String, String> variables = value(fields, "env").map(env::read).orElse(Map.of());
        List<Step> scripts = value(fields, "steps").map(steps::read).orElse(List.of());
        Duration timeout = value(fields, "timeout")
                .map(node -> new TimeReader(problems).read(node, Limits.LONGEST_JOB, Limits.DEFAULT_JOB))
                .orElse(Limits.DEFAULT_JOB);
        Job job = new Job(
                field.name(),
                needs.stream().map(Node.Scalar::text).toList(),
                variables,
                scripts,
                timeout,
                patterns(fields, "artifacts", "paths", Vocabulary.ARTIFACTS),
                patterns(fields, "reports", "junit", Vocabulary.REPORTS),
                deploy.map(DeployReader.ReadDeploy::deploy));
        return new ReadJob(field.key(), needs, deploy.map(DeployReader.ReadDeploy::from), job);
    }

    private void checkId(Node.Scalar id) {
        if (!Names.isId(id.text())) {
            problems.add(
                    id,
                    "Expected a job's id of " + Names.ID + ", but it is " + Quote.of(id.text()) + "; rename it.",
                    () -> Names.idLike(id.text()));
        }
    }

    private void checkKind(Node.Field field, Map<String, Node.Field> fields) {
        boolean deploys = fields.containsKey("deploy");
        if (!(field.value() instanceof Node.Fields)) {
            return;
        }
        if (deploys && fields.containsKey("steps")) {
            problems.add(
                    fields.get("deploy").key(),
                    "Expected either `steps` or `deploy`, but job " + Quote.of(field.name())
                            + " has both; deploy in a job of its own that needs this one.");
        } else if (deploys) {
            ONLY_WITH_STEPS.stream()
                    .filter(fields::containsKey)
                    .forEach(key -> problems.add(
                            fields.get(key).key(),
                            "Expected `" + key + "` in a job with steps, but job " + Quote.of(field.name())
                                    + " deploys; move it to the job that makes the files."));
        } else if (!fields.containsKey("steps")
                && !values.hinted(field.value(), "steps", Vocabulary.JOB)
                && !values.hinted(field.value(), "deploy", Vocabulary.JOB)) {
            problems.add(
                    field.key(),
                    "Expected `steps` or `deploy`, but job " + Quote.of(field.name()) + " has neither; add one.");
        }
    }

    private List<String> patterns(Map<String, Node.Field> fields, String key, String inner, Vocabulary vocabulary) {
        Optional<Node> node = value(fields, key);
        if (node.isEmpty()) {
            return List.of();
        }
        if (!(node.get() instanceof Node.Fields)) {
            values.refuse(
                    node.get(),
                    "Expected `" + key + "` as a mapping such as `" + key + ": {" + inner + ": [\"target/**\"]}`");
            return List.of();
        }
        Node.Field field =
                values.fields(node.get(), "`" + key + "`", vocabulary).get(inner);
        if (field == null && !values.hinted(node.get(), inner, vocabulary)) {
            problems.add(node.get(), "Expected `" + inner + "` in `" + key + "`, but it has none; add it.");
        }
        if (field == null) {
            return List.of();
        }
        List<Node.Scalar> patterns = values.texts(field.value(), "`" + inner + "`", Limits.PATTERNS);
        patterns.forEach(this::checkPattern);
        return patterns.stream().map(Node.Scalar::text).toList();
    }

    private void checkPattern(Node.Scalar pattern) {
        PathPattern.refusal(pattern.text())
                .ifPresent(reason -> problems.add(
                        pattern,
                        "Expected a path inside the workspace, but " + pattern.described() + " " + reason + ".",
                        () -> PathPattern.meant(pattern.text())));
    }

    private static Optional<Node> value(Map<String, Node.Field> fields, String key) {
        return Optional.ofNullable(fields.get(key)).map(Node.Field::value);
    }
}
