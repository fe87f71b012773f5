package dev.flujo.core.run;

import dev.flujo.core.plan.Context;
import dev.flujo.core.plan.JobValues;
import dev.flujo.core.plan.expression.Evaluation;
import dev.flujo.core.plan.expression.EventField;
import dev.flujo.core.plan.expression.Template;
import dev.flujo.event.Outcome;
import dev.flujo.event.Work;
import dev.flujo.event.plan.Concurrency;
import dev.flujo.event.plan.Concurrency.Policy;
import dev.flujo.event.plan.Deploy;
import dev.flujo.event.plan.Job;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** What the expressions of a run give at this moment of it; made only where there are some. */
final class RunValues {

    private static final int MOST_NAME = 200;

    private final Run run;
    private Context context;

    RunValues(Run run) {
        this.run = run;
    }

    /** What expressions can ask; evaluates the variables of the pipeline. */
    Context context() {
        if (context == null) {
            Map<String, String> said = new LinkedHashMap<>();
            said.put("id", run.id().toString());
            said.put("project", run.project());
            said.put("pipeline", run.pipeline());
            said.put("version", run.asked().version());
            context = new Context(run.plan(), run.asked().event(), run.asked().inputs(), said);
        }
        return context;
    }

    Work work(Job job) {
        Job asked = JobValues.of(job, this::context, () -> needs(job));
        Job valued = run.trust() == Run.Trust.TRUSTED ? asked : Untrusted.job(asked);
        Map<String, String> env = new LinkedHashMap<>(JobValues.env(run.plan(), this::context));
        env.putAll(valued.env());
        if (!job.supplies().caches().isEmpty()) {
            env.put(Work.CACHES, caches());
        }
        if (run.trust() != Run.Trust.TRUSTED) {
            env.put(Work.TRUST, Work.UNTRUSTED);
        }
        request(job).ifPresent(number -> env.put(Work.PULL_REQUEST, number));
        return new Work(
                run.project(),
                run.pipeline(),
                run.attempt(job.id()),
                valued,
                run.revision(),
                env,
                run.cause().by(),
                artifacts(job),
                outputs(job));
    }

    /** The pull request whose own environment the job works on: one that is named for the run, while the request is open. */
    private Optional<String> request(Job job) {
        Map<String, Object> event = run.asked().event();
        boolean own = job.environment().filter(Template::hasExpressions).isPresent();
        boolean closed = "closed".equals(event.get(EventField.ACTION.word()));
        return own && !closed && event.get(EventField.NUMBER.word()) instanceof Number number
                ? Optional.of(Long.toString(number.longValue()))
                : Optional.empty();
    }

    /** Whose caches jobs may write: what a pull request has made, others must not find, least of all if it is a stranger's. */
    private String caches() {
        if (run.trust() != Run.Trust.TRUSTED) {
            return "fork";
        }
        return switch (run.cause().kind()) {
            case PUSH, TAG, SCHEDULE, MANUAL, API, KAFKA, UPSTREAM, DEPLOYMENT -> "shared";
            case PULL_REQUEST -> "request";
            case RERUN -> "none";
        };
    }

    /** The lock of the concurrency group of the pipeline, if it has one. */
    Optional<LockWish> turn() {
        return run.plan()
                .concurrency()
                .map(group -> wish(group, name -> context().ofRun().text(name)));
    }

    /**
     * The locks that a job needs, in the order in which it asks for them: that of its concurrency group always first, so that
     * no two jobs can wait for each other. What its run holds as a whole is the job's already.
     */
    List<LockWish> locks(Job job) {
        if (job.environment().isEmpty() && job.gate().concurrency().isEmpty()) {
            return List.of();
        }
        Job valued = JobValues.of(job, this::context, () -> needs(job));
        List<LockWish> locks = new ArrayList<>();
        valued.gate().concurrency().map(group -> wish(group, name -> name)).ifPresent(locks::add);
        boolean over = run.job(job.id()).over().isPresent();
        Optional<Instant> age =
                over ? Optional.empty() : Optional.of(run.cause().age());
        valued.environment().map(name -> LockWish.ofEnvironment(name, age)).ifPresent(locks::add);
        locks.removeIf(wish ->
                run.turn().filter(turn -> turn.lock().equals(wish.lock())).isPresent());
        return locks;
    }

    /** What strangers have written waits in the groups of the project like everything else, but ends nothing of others. */
    private LockWish wish(Concurrency group, UnaryOperator<String> value) {
        String name = value.apply(group.group()).strip();
        if (name.isEmpty() || name.length() > MOST_NAME || name.chars().anyMatch(Character::isISOControl)) {
            throw new Evaluation.Failure("Expected a name of one line with at most " + MOST_NAME
                    + " characters for the concurrency group, but it is `" + name + "`");
        }
        Policy policy = run.trust() == Run.Trust.TRUSTED ? group.policy() : Policy.QUEUE;
        return LockWish.of(new Concurrency(name, group.limit(), policy, group.cancellable()));
    }

    /** How what a job needs has ended, by the names under which it needs it. */
    Map<String, Context.Need> needs(Job job) {
        Needs index = new Needs(() -> run);
        Map<String, Context.Need> needs = new LinkedHashMap<>();
        Stream<String> names =
                job.needs().isEmpty() && Needs.comesLast(job) ? run.jobs().keySet().stream() : job.needs().stream();
        names.forEach(name -> needs.put(name, need(index.members(job, name))));
        return needs;
    }

    private Context.Need need(List<String> members) {
        Outcome outcome = members.stream()
                .flatMap(member -> run.job(member).outcome().stream())
                .reduce(Outcome.SKIPPED, Outcome::worse);
        Map<String, String> outputs = new LinkedHashMap<>();
        if (members.size() == 1) {
            run.outputs().stream()
                    .filter(left -> left.job().equals(members.get(0)))
                    .forEach(left -> left.output()
                            .text()
                            .ifPresent(text -> outputs.put(left.output().name(), text)));
        }
        return new Context.Need(outcome.name().toLowerCase(Locale.ROOT), outputs);
    }

    /** Why an expression of the job has no value; also where it asks for an output that expressions do not get. */
    String explained(Job job, String reason) {
        return outputs(job).stream()
                .filter(left -> left.output().text().isEmpty()
                        && reason.contains(left.output().name()))
                .findFirst()
                .map(left -> reason + "; output '" + left.output().name() + "' of job '" + left.job()
                        + "' is no text, or too long for expressions: let a script read it from $FLUJO_NEEDS/"
                        + left.job() + "/" + left.output().name())
                .orElse(reason);
    }

    private List<Work.Artifact> artifacts(Job job) {
        Optional<String> deployed = job.deploy().map(Deploy::from);
        List<String> sources = deployed.map(List::of).orElse(job.supplies().artifactsFrom());
        return sources.isEmpty()
                ? List.of()
                : run.artifacts().stream()
                        .filter(artifact -> sources.stream().anyMatch(from -> Needs.cameOutOf(artifact.job(), from)))
                        .toList();
    }

    private List<Work.JobOutput> outputs(Job job) {
        return run.outputs().isEmpty()
                ? List.of()
                : run.outputs().stream()
                        .filter(left -> job.needs().stream().anyMatch(need -> Needs.cameOutOf(left.job(), need)))
                        .toList();
    }
}
