package dev.flujo.core.plan;

import dev.flujo.core.plan.expression.Scope;
import dev.flujo.core.plan.shape.Limits;
import dev.flujo.core.plan.yaml.Node;
import dev.flujo.core.plan.yaml.Problems;
import dev.flujo.core.plan.yaml.Quote;
import dev.flujo.event.plan.Deploy;
import dev.flujo.event.plan.Job;
import dev.flujo.event.plan.Matrix;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/** Reads one job: steps, a deployment or a template, and what surrounds them. */
final class JobReader {

    private static final List<String> WITH_STEPS = List.of(
            "image",
            "services",
            "resources",
            "pool",
            "labels",
            "priority",
            "timeout",
            "queue-timeout",
            "retry",
            "cache",
            "checkout",
            "shell",
            "working-directory");
    private static final List<String> WITH_DEPLOY = List.of("priority", "timeout", "queue-timeout");

    private final Problems problems;
    private final Meaning meaning;
    private final Templates templates;
    private final GateReader gates;
    private final SuppliesReader supplies;

    JobReader(Problems problems, Meaning meaning, Templates templates) {
        this.problems = problems;
        this.meaning = meaning;
        this.templates = templates;
        this.gates = new GateReader(problems, meaning);
        this.supplies = new SuppliesReader(problems, meaning);
    }

    /** What the file around a job says: names that all its expressions have, and defaults. */
    record Around(Scope scope, List<String> variables, Fields defaults) {}

    /** The jobs that one of the file becomes, with the nodes that name other jobs, for those who check all together. */
    record ReadJob(
            Node.Field field,
            List<Node.Scalar> needs,
            List<Node.Scalar> artifactsFrom,
            Optional<Node.Scalar> from,
            List<Node.Scalar> analysed,
            List<Job> jobs) {

        String id() {
            return field.name();
        }
    }

    /** Where something is wrong, the job has something harmless instead: nobody will see it. */
    ReadJob read(Node.Field field, Around around, Map<String, Optional<List<String>>> outputs) {
        Fields own = new Fields(field.value(), problems);
        Fields fields = own.or(around.defaults(), own.has("deploy") ? WITH_DEPLOY : WITH_STEPS);
        List<Node.Scalar> needs = needs(own);
        Scope withNeeds = around.scope().needing(known(own, needs, outputs));
        Optional<Matrix> matrix =
                own.node("matrix").map(node -> new MatrixReader(problems, meaning).read(node, withNeeds));
        Scope scope = own.node("matrix")
                .map(node -> withNeeds.and("matrix", MatrixReader.axes(node, problems)))
                .orElse(withNeeds);
        if (own.has("uses")) {
            List<Job> jobs = own.scalar("uses")
                    .map(uses -> templates.jobs(uses, field, own, texts(needs), withNeeds))
                    .orElse(List.of());
            return new ReadJob(field, needs, List.of(), Optional.empty(), List.of(), jobs);
        }
        return single(field, new Read(fields, needs, scope, matrix), around);
    }

    private record Read(Fields fields, List<Node.Scalar> needs, Scope scope, Optional<Matrix> matrix) {}

    private ReadJob single(Node.Field field, Read read, Around around) {
        Fields fields = read.fields();
        Scope scope = read.scope();
        Map<String, Node.Scalar> env = fields.table("env");
        meaning.texts(env.values(), scope);
        List<String> variables = new ArrayList<>(around.variables());
        variables.addAll(env.keySet());
        Optional<DeployReader.ReadDeploy> deploy =
                new DeployReader(problems, meaning).read(field, fields, scope.and("env", variables));
        Job job = new Job(
                field.name(),
                texts(read.needs()),
                Fields.texts(env),
                new StepReader(problems, meaning, templates)
                        .read(
                                fields.node("steps").isPresent() ? fields.entries("steps") : List.of(),
                                new StepReader.Around(
                                        scope, variables, fields.text("shell"), fields.text("working-directory"))),
                fields.time("timeout").orElse(Limits.DEFAULT_JOB),
                fields.mapping("artifacts").texts("paths"),
                fields.mapping("reports").texts("junit"),
                deploy.map(DeployReader.ReadDeploy::deploy),
                fields.text("name"),
                gates.read(fields, scope),
                new PlacementReader(problems, meaning).read(fields, scope),
                supplies.tolerance(fields, scope),
                supplies.supplies(fields, new TreeSet<>(variables), scope),
                supplies.results(fields),
                read.matrix(),
                Optional.empty(),
                List.of());
        return new ReadJob(
                field,
                read.needs(),
                fields.mapping("artifacts").scalars("from"),
                deploy.map(DeployReader.ReadDeploy::from),
                deploy.map(DeployReader.ReadDeploy::analysed).orElse(List.of()),
                List.of(job));
    }

    /** The jobs whose outcome and outputs a job may ask for: those it needs; all, where it comes after all. */
    private static Map<String, Optional<List<String>>> known(
            Fields job, List<Node.Scalar> needs, Map<String, Optional<List<String>>> outputs) {
        Map<String, Optional<List<String>>> known = new java.util.TreeMap<>();
        boolean last = needs.isEmpty() && (job.flag("always", false) || job.flag("on-failure", false));
        for (String id : last ? List.copyOf(outputs.keySet()) : texts(needs)) {
            known.put(id, outputs.getOrDefault(id, Optional.of(List.of())));
        }
        return known;
    }

    /** What each job of the file gives to those that need it; none where it stands for several jobs. */
    static Map<String, Optional<List<String>>> outputs(List<Node.Field> jobs, Problems problems) {
        Map<String, Optional<List<String>>> outputs = new java.util.LinkedHashMap<>();
        for (Node.Field field : jobs) {
            Fields fields = new Fields(field.value(), problems);
            boolean several = fields.has("matrix") || fields.has("uses");
            List<String> names = fields.has("deploy") ? List.of(Deploy.URL) : fields.texts("outputs");
            outputs.put(field.name(), several ? Optional.empty() : Optional.of(names));
        }
        return outputs;
    }

    private List<Node.Scalar> needs(Fields fields) {
        return fields.scalars(fields.has("needs") ? "needs" : "depends_on");
    }

    private static List<String> texts(List<Node.Scalar> scalars) {
        return scalars.stream().map(Node.Scalar::text).toList();
    }

    /** How a job is called in messages. */
    static String called(Node.Field field) {
        return "job " + Quote.of(field.name());
    }
}
