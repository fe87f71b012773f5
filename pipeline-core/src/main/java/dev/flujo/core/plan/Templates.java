package dev.flujo.core.plan;

import dev.flujo.core.plan.JobReader.ReadJob;
import dev.flujo.core.plan.expression.Expressions;
import dev.flujo.core.plan.expression.Scope;
import dev.flujo.core.plan.shape.Limits;
import dev.flujo.core.plan.shape.PipelineShape;
import dev.flujo.core.plan.shape.ShapeCheck;
import dev.flujo.core.plan.yaml.Node;
import dev.flujo.core.plan.yaml.PlanProblem;
import dev.flujo.core.plan.yaml.Problems;
import dev.flujo.core.plan.yaml.Quote;
import dev.flujo.core.plan.yaml.YamlFile;
import dev.flujo.event.plan.Binding;
import dev.flujo.event.plan.Input;
import dev.flujo.event.plan.Job;
import dev.flujo.event.plan.Step;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The templates that a file may use, by the references under which it does: each is read once, and its jobs or steps take
 * the place of what uses it. What is wrong with a template is told where it is used.
 */
final class Templates {

    private static final String REFUSED = "Expected a template without problems, but ";

    private final Map<String, String> sources;
    private final Problems problems;
    private final Meaning meaning;
    private final List<String> within;
    private final Map<String, Read> read;
    private final Map<String, String> refusals = new HashMap<>();
    private int made;

    /** A template as its own file says it. */
    record Read(Map<String, Input> inputs, List<Job> jobs, List<Step> steps) {}

    Templates(Map<String, String> sources, Problems problems, Meaning meaning) {
        this(sources, problems, meaning, List.of(), new HashMap<>());
    }

    private Templates(
            Map<String, String> sources,
            Problems problems,
            Meaning meaning,
            List<String> within,
            Map<String, Read> read) {
        this.sources = sources;
        this.problems = problems;
        this.meaning = meaning;
        this.within = within;
        this.read = read;
    }

    /** The jobs that a job with {@code uses} becomes. */
    List<Job> jobs(Node.Scalar uses, Node.Field job, Fields fields, List<String> needs, Scope scope) {
        Optional<Read> template = template(uses);
        template.filter(found -> found.jobs().isEmpty())
                .ifPresent(found -> problems.add(
                        uses,
                        "Expected a template of jobs, but " + uses.described()
                                + " is one of steps; use it in a step."));
        made += template.map(found -> found.jobs().size()).orElse(0);
        if (made > Limits.JOBS) {
            problems.add(
                    uses,
                    "Expected at most " + Limits.JOBS + " jobs from templates, but there are more; split the"
                            + " pipeline.");
            return List.of();
        }
        return template.map(found -> {
                    Map<String, Binding> bindings = bindings(uses, fields, found, scope);
                    return found.jobs().stream()
                            .map(inner -> Jobs.within(inner, job.name(), needs, bindings))
                            .toList();
                })
                .orElse(List.of());
    }

    /** The steps that a step with {@code uses} becomes. */
    List<Step> steps(Node.Scalar uses, Fields fields, Scope scope) {
        Optional<Read> template = template(uses);
        template.filter(found -> found.steps().isEmpty())
                .ifPresent(found -> problems.add(
                        uses,
                        "Expected a template of steps, but " + uses.described() + " is one of jobs; use it as a job."));
        return template.map(found -> {
                    Map<String, Binding> bindings = bindings(uses, fields, found, scope);
                    return found.steps().stream()
                            .map(step -> with(step, bindings))
                            .toList();
                })
                .orElse(List.of());
    }

    private Map<String, Binding> bindings(Node.Scalar uses, Fields fields, Read template, Scope scope) {
        Fields given = fields.mapping("with");
        Map<String, Node.Scalar> values = given.table();
        new InputReader(problems).checkValues(values, given, template.inputs(), "this template");
        meaning.texts(values.values(), scope);
        InputReader.missing(template.inputs(), given)
                .ifPresent(missing -> problems.add(
                        uses,
                        "Expected a value for every input that the template requires, but " + Quote.of(missing)
                                + " has none; add it to `with`."));
        Map<String, Binding> bindings = new LinkedHashMap<>();
        template.inputs()
                .forEach((name, input) -> bindings.put(
                        name,
                        new Binding(
                                input.kind(),
                                values.containsKey(name) ? values.get(name).text() : InputValues.otherwise(input))));
        return bindings;
    }

    private static Step with(Step step, Map<String, Binding> bindings) {
        List<Map<String, Binding>> all = new ArrayList<>(List.of(bindings));
        all.addAll(step.settings().bindings());
        Step.Settings settings = step.settings();
        return new Step(
                step.name(),
                step.run(),
                step.env(),
                new Step.Settings(
                        settings.condition(),
                        settings.continueOnError(),
                        settings.timeout(),
                        settings.shell(),
                        settings.workingDirectory(),
                        settings.secrets(),
                        all));
    }

    private Optional<Read> template(Node.Scalar uses) {
        String reference = uses.text();
        if (within.contains(reference) || within.size() >= Limits.TEMPLATE_DEPTH) {
            problems.add(
                    uses,
                    within.contains(reference)
                            ? "Expected templates that end somewhere, but " + uses.described()
                                    + " uses itself; remove it."
                            : "Expected templates at most " + Limits.TEMPLATE_DEPTH
                                    + " deep, but here are more; flatten them.");
            return Optional.empty();
        }
        if (!sources.containsKey(reference)) {
            problems.add(
                    uses,
                    "Expected a template that there is, but there is no " + uses.described()
                            + "; submit it first, or correct the reference.");
            return Optional.empty();
        }
        if (!read.containsKey(reference) && read.size() >= Limits.TEMPLATES) {
            problems.add(
                    uses,
                    "Expected at most " + Limits.TEMPLATES + " different templates, but there are more;"
                            + " join some of them.");
            return Optional.empty();
        }
        if (!read.containsKey(reference) && !refusals.containsKey(reference)) {
            readNow(reference);
        }
        if (refusals.containsKey(reference)) {
            problems.add(uses, REFUSED + uses.described() + " has one in line " + refusals.get(reference));
        }
        return Optional.ofNullable(read.get(reference));
    }

    private void readNow(String reference) {
        Problems own = new Problems();
        Optional<Read> template = YamlFile.read(sources.get(reference), own).map(root -> read(root, reference, own));
        if (own.none()) {
            read.put(reference, template.orElseThrow());
        } else {
            PlanProblem first = own.inOrder().get(0);
            String message =
                    first.message().startsWith(REFUSED) ? first.message().substring(REFUSED.length()) : first.message();
            refusals.put(reference, first.line() + ": " + Quote.cut(message, 300));
        }
    }

    Read read(Node root, String reference, Problems own) {
        new ShapeCheck(own).check(PipelineShape.TEMPLATE, root, "a template");
        Fields fields = new Fields(root, own);
        Map<String, Input> inputs = new InputReader(own).read(fields.mapping("inputs"));
        Map<String, Node.Scalar> env = fields.table("env");
        Meaning inside = new Meaning(own, new Expressions());
        Scope scope = PipelineReader.scope(inputs).and("env", List.copyOf(env.keySet()));
        inside.texts(env.values(), PipelineReader.scope(inputs));
        List<String> deeper = new ArrayList<>(within);
        deeper.add(reference);
        Templates nested = new Templates(sources, own, inside, deeper, new TreeMap<>(read));
        if (fields.has("steps")) {
            List<Step> steps = new StepReader(own, inside, nested)
                    .read(
                            fields.entries("steps"),
                            new StepReader.Around(
                                    scope.needing(Map.of()),
                                    List.copyOf(env.keySet()),
                                    Optional.empty(),
                                    Optional.empty()));
            return new Read(
                    inputs,
                    List.of(),
                    steps.stream().map(step -> before(env, step)).toList());
        }
        List<ReadJob> jobs = new JobsReader(own, inside, nested)
                .read(
                        fields.mapping("jobs").all(),
                        new JobReader.Around(scope, List.copyOf(env.keySet()), new Fields(null, own)));
        return new Read(
                inputs,
                jobs.stream()
                        .flatMap(job -> job.jobs().stream())
                        .map(job -> before(env, job))
                        .toList(),
                List.of());
    }

    private static Step before(Map<String, Node.Scalar> env, Step step) {
        Map<String, String> all = Fields.texts(env);
        all.putAll(step.env());
        return new Step(step.name(), step.run(), all, step.settings());
    }

    private static Job before(Map<String, Node.Scalar> env, Job job) {
        Map<String, String> all = Fields.texts(env);
        all.putAll(job.env());
        return Jobs.withEnv(job, all);
    }
}
