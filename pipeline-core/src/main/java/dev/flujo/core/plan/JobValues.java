package dev.flujo.core.plan;

import dev.flujo.core.plan.expression.Evaluation;
import dev.flujo.event.plan.Concurrency;
import dev.flujo.event.plan.Condition;
import dev.flujo.event.plan.Deploy;
import dev.flujo.event.plan.Environment;
import dev.flujo.event.plan.Gate;
import dev.flujo.event.plan.Job;
import dev.flujo.event.plan.Placement;
import dev.flujo.event.plan.Plan;
import dev.flujo.event.plan.Service;
import dev.flujo.event.plan.Step;
import dev.flujo.event.plan.Supplies;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** A job as its runner is told it: every expression has its value, and a step's condition is known to be false or gone. */
public final class JobValues {

    private static final String NEVER = "false";

    private final Context context;
    private final Job job;
    private final Map<String, Context.Need> needs;
    private final Map<String, String> env;
    private final Evaluation evaluation;

    private JobValues(Context context, Job job, Map<String, Context.Need> needs) {
        this.context = context;
        this.job = job;
        this.needs = needs;
        this.env = texts(context.of(job, needs), job.env());
        this.evaluation = context.of(job, needs, env, List.of());
    }

    /**
     * The job with its values; the same one where it asks for nothing. The context is only made where it is needed.
     *
     * @throws Evaluation.Failure if an expression has no value
     */
    public static Job of(Job job, Supplier<Context> context, Supplier<Map<String, Context.Need>> needs) {
        return Asking.asksWhenItRuns(job) ? new JobValues(context.get(), job, needs.get()).job() : job;
    }

    /** The variables of the pipeline, with their values. */
    public static Map<String, String> env(Plan plan, Supplier<Context> context) {
        return Asking.texts(plan.env().values()) ? context.get().env() : plan.env();
    }

    private Job job() {
        return new Job(
                job.id(),
                job.needs(),
                env,
                job.steps().stream().map(this::step).toList(),
                job.timeout(),
                job.artifacts(),
                job.junit(),
                job.deploy().map(this::deploy),
                job.name(),
                gate(job.gate()),
                placement(job.placement()),
                job.tolerance(),
                supplies(job.supplies()),
                job.results(),
                job.matrix(),
                job.cell(),
                List.of());
    }

    private Step step(Step step) {
        Step.Settings settings = step.settings();
        Map<String, String> own = texts(context.of(job, needs, env, settings.bindings()), step.env());
        Map<String, String> around = new LinkedHashMap<>(env);
        around.putAll(own);
        Condition condition = settings.condition();
        Optional<String> never = condition
                .expression()
                .filter(expression ->
                        !context.of(job, needs, around, settings.bindings()).holds(expression))
                .map(expression -> NEVER);
        return new Step(
                step.name(),
                step.run(),
                own,
                new Step.Settings(
                        new Condition(never, condition.always(), condition.onFailure()),
                        settings.continueOnError(),
                        settings.timeout(),
                        settings.shell(),
                        settings.workingDirectory(),
                        settings.secrets(),
                        List.of()));
    }

    private Gate gate(Gate gate) {
        return new Gate(
                new Condition(
                        Optional.empty(),
                        gate.condition().always(),
                        gate.condition().onFailure()),
                gate.environment()
                        .map(environment -> new Environment(
                                evaluation.text(environment.name()),
                                environment.url().map(evaluation::text),
                                environment.ttl())),
                gate.approval(),
                gate.concurrency()
                        .map(group -> new Concurrency(
                                evaluation.text(group.group()), group.limit(), group.policy(), group.cancellable())));
    }

    private Placement placement(Placement placement) {
        Map<String, Service> services = new LinkedHashMap<>();
        placement
                .services()
                .forEach((name, service) -> services.put(
                        name,
                        new Service(
                                evaluation.text(service.image()),
                                texts(evaluation, service.env()),
                                service.command(),
                                service.ready())));
        return new Placement(
                placement.pool(),
                placement.labels(),
                placement.priority(),
                placement.queueTimeout(),
                placement.image().map(evaluation::text),
                services,
                placement.resources());
    }

    private Supplies supplies(Supplies supplies) {
        List<Supplies.Cache> caches = supplies.caches().stream()
                .map(cache -> new Supplies.Cache(
                        cache.paths(),
                        cache.key().map(evaluation::text),
                        cache.keyFiles(),
                        cache.restoreKeys().stream().map(evaluation::text).toList(),
                        cache.policy()))
                .toList();
        return new Supplies(supplies.secrets(), caches, supplies.artifactsFrom(), supplies.checkout());
    }

    private Deploy deploy(Deploy deploy) {
        return new Deploy(
                evaluation.text(deploy.environment()),
                deploy.from(),
                deploy.start(),
                deploy.health(),
                deploy.kubernetes()
                        .map(target -> new Deploy.Kubernetes(
                                target.manifests(),
                                target.kustomize(),
                                texts(evaluation, target.images()),
                                target.namespace().map(evaluation::text),
                                target.cluster().map(evaluation::text))),
                deploy.rollout(),
                deploy.config());
    }

    private static Map<String, String> texts(Evaluation evaluation, Map<String, String> texts) {
        Map<String, String> values = new LinkedHashMap<>();
        texts.forEach((name, text) -> values.put(name, evaluation.text(text)));
        return values;
    }
}
