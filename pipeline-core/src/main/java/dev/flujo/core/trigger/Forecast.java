package dev.flujo.core.trigger;

import dev.flujo.core.plan.Cells;
import dev.flujo.core.plan.Context;
import dev.flujo.core.plan.expression.Evaluation;
import dev.flujo.core.trigger.JobForecast.Verdict;
import dev.flujo.event.plan.Condition;
import dev.flujo.event.plan.Job;
import dev.flujo.event.plan.Plan;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a pipeline would do with an event: whether it starts, and which of its jobs would run or be skipped, as far as that
 * is known before anything has run.
 */
public record Forecast(String pipeline, TriggerMatch match, List<JobForecast> jobs) {

    public Forecast {
        jobs = List.copyOf(jobs);
    }

    /** The forecast of a plan in a project; {@code given} are inputs that come with a request. */
    public static Forecast of(Plan plan, String project, TriggerEvent event, Map<String, String> given) {
        TriggerMatch match = TriggerRules.match(plan, project, event, given);
        if (!(match instanceof TriggerMatch.Starts starts)) {
            return new Forecast(plan.name(), match, List.of());
        }
        Map<String, String> run = Map.of("id", "", "project", project, "pipeline", plan.name(), "version", "");
        try {
            Context context = new Context(plan, event.fields(), starts.inputs(), run);
            return new Forecast(plan.name(), match, new Jobs(plan, context).forecasts());
        } catch (Evaluation.Failure e) {
            return new Forecast(plan.name(), new TriggerMatch.Refused(e.getMessage()), List.of());
        }
    }

    /** The jobs of one plan, each judged after those that it needs. */
    private static final class Jobs {

        private final Plan plan;
        private final Context context;
        private final Map<String, List<JobForecast>> judged = new LinkedHashMap<>();
        private final Map<String, List<Job>> members = new HashMap<>();

        Jobs(Plan plan, Context context) {
            this.plan = plan;
            this.context = context;
            for (Job job : plan.jobs()) {
                member(job.id(), job);
                for (int dot = job.id().indexOf('.'); dot >= 0; dot = job.id().indexOf('.', dot + 1)) {
                    member(job.id().substring(0, dot), job);
                }
            }
        }

        /** A need for this name is one for the job. */
        private void member(String name, Job job) {
            members.computeIfAbsent(name, unused -> new ArrayList<>()).add(job);
        }

        List<JobForecast> forecasts() {
            List<Job> open = new ArrayList<>(plan.jobs());
            while (!open.isEmpty()) {
                open.removeIf(this::judge);
            }
            List<JobForecast> inOrder = new ArrayList<>();
            plan.jobs().forEach(job -> inOrder.addAll(judged.get(job.id())));
            return inOrder;
        }

        /** Whether all that the job needs is judged, so that it was judged too. */
        private boolean judge(Job job) {
            for (String need : job.needs()) {
                if (members.get(need).stream().anyMatch(other -> !judged.containsKey(other.id()))) {
                    return false;
                }
            }
            judged.put(job.id(), cells(job));
            return true;
        }

        private List<JobForecast> cells(Job job) {
            if (job.matrix().isEmpty()) {
                return List.of(forecast(job));
            }
            if (job.matrix().get().dynamic()) {
                Optional<String> unknown = needsIn(job.matrix().get().computed().values());
                if (unknown.isPresent() || job.matrix().get().includeComputed().isPresent()) {
                    return List.of(
                            said(job, Verdict.DEPENDS, "its cells follow from the outputs of jobs that it needs"));
                }
            }
            try {
                Job known = Cells.withMatrix(job, Cells.computed(job.matrix().get(), context.of(job, Map.of())));
                return Cells.of(known).stream()
                        .map(cell -> forecast(Cells.job(known, cell)))
                        .toList();
            } catch (Cells.Refused e) {
                return List.of(said(job, Verdict.FAILS, e.getMessage()));
            }
        }

        private JobForecast forecast(Job job) {
            Condition condition = job.gate().condition();
            Optional<JobForecast> refused = condition.expression().flatMap(expression -> condition(job, expression));
            if (refused.filter(said -> said.verdict() != Verdict.DEPENDS).isPresent() || condition.always()) {
                return refused.orElseGet(() -> said(job, Verdict.RUNS, "it always runs"));
            }
            if (condition.onFailure()) {
                return said(job, Verdict.DEPENDS, "it runs only if something before it fails");
            }
            return needed(job, Verdict.SKIPPED, "it needs job '%s', which is skipped")
                    .or(() -> needed(job, Verdict.FAILS, "it needs job '%s', which fails")
                            .map(said -> said(job, Verdict.SKIPPED, said.reason())))
                    .or(() -> refused)
                    .or(() -> needed(job, Verdict.DEPENDS, "it needs job '%s', which may be skipped"))
                    .orElseGet(() -> said(job, Verdict.RUNS, runs(job)));
        }

        private Optional<JobForecast> condition(Job job, String expression) {
            if (context.asks(expression, "needs")) {
                return Optional.of(said(job, Verdict.DEPENDS, "its `if` asks how others end: " + expression));
            }
            try {
                return context.of(job, Map.of()).holds(expression)
                        ? Optional.empty()
                        : Optional.of(said(job, Verdict.SKIPPED, "its `if` is false: " + expression));
            } catch (Evaluation.Failure e) {
                return Optional.of(said(job, Verdict.FAILS, e.getMessage()));
            }
        }

        /** A need for several jobs is as good as their worst; skipped cells count only where all are. */
        private Optional<JobForecast> needed(Job job, Verdict verdict, String reason) {
            return job.needs().stream()
                    .filter(need -> verdict == Verdict.SKIPPED
                            ? made(need).stream().allMatch(said -> said.verdict() == verdict)
                            : made(need).stream().anyMatch(said -> said.verdict() == verdict))
                    .findFirst()
                    .map(need -> said(job, verdict, String.format(reason, need)));
        }

        private List<JobForecast> made(String need) {
            return members.get(need).stream()
                    .flatMap(job -> judged.get(job.id()).stream())
                    .toList();
        }

        private Optional<String> needsIn(java.util.Collection<String> expressions) {
            return expressions.stream()
                    .filter(expression -> context.asks(expression, "needs"))
                    .findFirst();
        }

        private static String runs(Job job) {
            return job.needs().isEmpty() ? "it needs nothing" : "once all that it needs has succeeded";
        }

        private static JobForecast said(Job job, Verdict verdict, String reason) {
            return new JobForecast(job.id(), job.name(), job.needs(), verdict, reason);
        }
    }
}
