package dev.flujo.core.plan;

import dev.flujo.core.plan.expression.Template;
import dev.flujo.event.plan.Concurrency;
import dev.flujo.event.plan.Job;
import dev.flujo.event.plan.Matrix;
import dev.flujo.event.plan.Plan;
import dev.flujo.event.plan.Service;
import dev.flujo.event.plan.Step;
import java.util.Collection;
import java.util.Optional;

/** Whether parts of a plan have expressions; most have none, and then nothing is evaluated and nothing kept for it. */
public final class Asking {

    private Asking() {}

    /** Whether anything in the plan asks for something of its run. */
    public static boolean asks(Plan plan) {
        return texts(plan.env().values())
                || plan.concurrency()
                        .map(Concurrency::group)
                        .filter(Template::hasExpressions)
                        .isPresent()
                || plan.jobs().stream().anyMatch(Asking::asks);
    }

    /** Whether anything of the job does: its condition, its matrix, or what its runner is told. */
    public static boolean asks(Job job) {
        return job.gate().condition().expression().isPresent()
                || job.matrix().filter(Matrix::dynamic).isPresent()
                || Template.hasExpressions(job.tolerance().continueOnError())
                || asksWhenItRuns(job);
    }

    /** Whether what its runner is told does. */
    static boolean asksWhenItRuns(Job job) {
        return texts(job.env().values())
                || gate(job)
                || placement(job)
                || supplies(job)
                || deploy(job)
                || job.steps().stream().anyMatch(Asking::step);
    }

    static boolean texts(Collection<String> texts) {
        return texts.stream().anyMatch(Template::hasExpressions);
    }

    private static boolean gate(Job job) {
        return text(job.environment())
                || text(job.gate().environment().flatMap(environment -> environment.url()))
                || text(job.gate().concurrency().map(Concurrency::group));
    }

    private static boolean placement(Job job) {
        return text(job.placement().image())
                || job.placement().services().values().stream().anyMatch(Asking::service);
    }

    private static boolean service(Service service) {
        return Template.hasExpressions(service.image()) || texts(service.env().values());
    }

    private static boolean supplies(Job job) {
        return job.supplies().caches().stream().anyMatch(cache -> text(cache.key()) || texts(cache.restoreKeys()));
    }

    private static boolean deploy(Job job) {
        return job.deploy()
                .flatMap(deploy -> deploy.kubernetes())
                .filter(target -> texts(target.images().values()) || text(target.namespace()) || text(target.cluster()))
                .isPresent();
    }

    private static boolean step(Step step) {
        return texts(step.env().values())
                || step.settings().condition().expression().isPresent();
    }

    private static boolean text(Optional<String> text) {
        return text.filter(Template::hasExpressions).isPresent();
    }
}
