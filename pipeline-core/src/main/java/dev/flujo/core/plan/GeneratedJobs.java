package dev.flujo.core.plan;

import dev.flujo.core.plan.expression.Expressions;
import dev.flujo.core.plan.expression.Scope;
import dev.flujo.core.plan.shape.Limits;
import dev.flujo.core.plan.shape.PipelineShape;
import dev.flujo.core.plan.shape.ShapeCheck;
import dev.flujo.core.plan.yaml.Node;
import dev.flujo.core.plan.yaml.PlanProblem;
import dev.flujo.core.plan.yaml.Problems;
import dev.flujo.core.plan.yaml.YamlFile;
import dev.flujo.event.plan.Job;
import dev.flujo.event.plan.Plan;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The jobs that a job of a run has written for it, or what is wrong with them. */
public record GeneratedJobs(List<Job> jobs, Optional<String> refusal) {

    public GeneratedJobs {
        jobs = List.copyOf(jobs);
    }

    /** Reads the text that this job of a run wrote; the jobs in it come after that one. */
    public static GeneratedJobs read(String text, Plan plan, Job by) {
        Problems problems = new Problems();
        List<Job> read = YamlFile.read(text, problems)
                .map(root -> jobs(root, plan, by, problems))
                .orElse(List.of());
        if (!problems.none()) {
            PlanProblem first = problems.inOrder().get(0);
            return refused("Expected jobs in " + file(by) + ", but its line " + first);
        }
        Optional<Job> generator = read.stream()
                .filter(job -> job.results().generate().isPresent())
                .findFirst();
        if (generator.isPresent()) {
            return refused("Expected jobs that generate no others in " + file(by) + ", but job '"
                    + generator.get().id() + "' does");
        }
        int all = plan.jobs().size() + Cells.expanded(plan.with(read)).jobs().size();
        if (all > Limits.JOBS) {
            return refused("Expected at most " + Limits.JOBS + " jobs in a run, but with those of " + file(by)
                    + " there are " + all);
        }
        return new GeneratedJobs(read, Optional.empty());
    }

    private static List<Job> jobs(Node root, Plan plan, Job by, Problems problems) {
        new ShapeCheck(problems).check(PipelineShape.GENERATED, root, "a file of generated jobs");
        Meaning meaning = new Meaning(problems, new Expressions());
        List<String> variables = List.copyOf(plan.env().keySet());
        Scope scope = PipelineReader.scope(plan.inputs()).and("env", variables);
        List<Job> jobs = new JobsReader(problems, meaning, new Templates(Map.of(), problems, meaning))
                        .read(
                                new Fields(root, problems).mapping("jobs").all(),
                                new JobReader.Around(scope, variables, new Fields(null, problems)))
                        .stream()
                        .flatMap(read -> read.jobs().stream())
                        .map(job -> Jobs.within(job, by.id(), List.of(by.id())))
                        .toList();
        return problems.none() ? jobs : List.of();
    }

    private static GeneratedJobs refused(String reason) {
        return new GeneratedJobs(List.of(), Optional.of(reason));
    }

    private static String file(Job by) {
        return by.results().generate().orElse("the generated file");
    }
}
