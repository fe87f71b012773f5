package dev.flujo.core.plan;

import dev.flujo.core.plan.JobReader.ReadJob;
import dev.flujo.event.plan.Plan;
import dev.flujo.event.plan.Triggers;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads the whole of a pipeline from its root node. */
final class PipelineReader {

    private final Problems problems;
    private final Values values;

    PipelineReader(Problems problems) {
        this.problems = problems;
        this.values = new Values(problems);
    }

    /** The plan; where something is wrong there is a problem, and the plan is not to be used. */
    Optional<Plan> read(Node root) {
        Map<String, Node.Field> fields = values.fields(root, "a pipeline", Vocabulary.PIPELINE);
        if (!(root instanceof Node.Fields)) {
            return Optional.empty();
        }
        String name = required(root, fields, "name", "such as `name: build`")
                .map(this::name)
                .orElse("");
        Triggers on =
                value(fields, "on").map(new TriggersReader(problems)::read).orElse(TriggersReader.DEFAULT);
        Map<String, String> env =
                value(fields, "env").map(new EnvReader(problems)::read).orElse(Map.of());
        List<ReadJob> jobs = required(root, fields, "jobs", "with at least one job")
                .map(this::jobs)
                .orElse(List.of());
        new JobGraph(jobs, problems).check();
        return Optional.of(
                new Plan(name, on, env, jobs.stream().map(ReadJob::job).toList()));
    }

    private String name(Node node) {
        Optional<Node.Scalar> name = values.text(node, "`name`", Limits.SOURCE_BYTES);
        name.filter(scalar -> !Names.isPipeline(scalar.text()))
                .ifPresent(scalar -> problems.add(
                        scalar,
                        "Expected a pipeline's name of " + Names.PIPELINE + ", but it is " + scalar.described()
                                + "; rename it.",
                        () -> Names.pipelineLike(scalar.text())));
        return name.map(Node.Scalar::text).orElse("");
    }

    private List<ReadJob> jobs(Node node) {
        List<Node.Field> fields = values.mapping(node, "`jobs`");
        if (node instanceof Node.Fields && fields.isEmpty()) {
            problems.add(node, "Expected at least one job, but `jobs` is empty; add one.");
        }
        if (fields.size() > Limits.JOBS) {
            problems.add(
                    node,
                    "Expected at most " + Limits.JOBS + " jobs, but there are " + fields.size()
                            + "; split the pipeline.");
            return List.of();
        }
        JobReader reader = new JobReader(problems);
        return fields.stream().map(reader::read).toList();
    }

    private Optional<Node> required(Node root, Map<String, Node.Field> fields, String key, String hint) {
        if (!fields.containsKey(key) && !values.hinted(root, key, Vocabulary.PIPELINE)) {
            problems.add(
                    Place.START,
                    Path.ROOT,
                    "Expected `" + key + "` in a pipeline, but the file has none; add it, " + hint + ".");
        }
        return value(fields, key);
    }

    private static Optional<Node> value(Map<String, Node.Field> fields, String key) {
        return Optional.ofNullable(fields.get(key)).map(Node.Field::value);
    }
}
