package dev.flujo.core.trigger;

import dev.flujo.core.plan.Glob;
import dev.flujo.core.plan.InputValues;
import dev.flujo.core.plan.expression.Evaluation;
import dev.flujo.core.plan.expression.EventField;
import dev.flujo.core.plan.expression.Template;
import dev.flujo.event.Cause;
import dev.flujo.event.plan.Input;
import dev.flujo.event.plan.Plan;
import dev.flujo.event.plan.Triggers;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Judges whether an event starts a pipeline. */
public final class TriggerRules {

    /** What a commit's message says to start nothing. */
    private static final Pattern SKIP = Pattern.compile("\\[(skip ci|ci skip|no ci|skip flujo|flujo skip)]");

    private final Plan plan;
    private final String project;
    private final TriggerEvent event;
    private Evaluation evaluation;

    private TriggerRules(Plan plan, String project, TriggerEvent event) {
        this.plan = plan;
        this.project = project;
        this.event = event;
    }

    /** What a pipeline of this project says to an event; {@code given} are inputs that come with a request. */
    public static TriggerMatch match(Plan plan, String project, TriggerEvent event, Map<String, String> given) {
        return judged(() -> new TriggerRules(plan, project, event).match(given));
    }

    /** What a pipeline says to these inputs of a run that is done again. */
    public static TriggerMatch inputs(Plan plan, Map<String, String> given) {
        return new TriggerRules(plan, "", new TriggerEvent(Cause.Kind.RERUN, Map.of())).starts(given, Optional.empty());
    }

    private static TriggerMatch judged(java.util.function.Supplier<TriggerMatch> judge) {
        try {
            return judge.get();
        } catch (Evaluation.Failure e) {
            return new TriggerMatch.Filtered("its condition could not be evaluated: " + e.getMessage());
        }
    }

    private TriggerMatch match(Map<String, String> given) {
        Triggers on = plan.on();
        return switch (event.kind()) {
            case PUSH -> on.push().map(this::push).orElseGet(TriggerMatch.Unconcerned::new);
            case PULL_REQUEST -> on.pullRequest().map(this::pullRequest).orElseGet(TriggerMatch.Unconcerned::new);
            case TAG -> on.tag().map(this::tag).orElseGet(TriggerMatch.Unconcerned::new);
            case MANUAL -> on.manual() ? starts(given, Optional.empty()) : new TriggerMatch.Unconcerned();
            case API ->
                on.api()
                        .map(api -> unless(condition(api.condition()), () -> starts(given, Optional.empty())))
                        .orElseGet(TriggerMatch.Unconcerned::new);
            case SCHEDULE -> first(on.schedules(), this::schedule);
            case KAFKA -> first(on.kafka(), this::kafka);
            case UPSTREAM -> first(on.upstream(), this::upstream);
            case DEPLOYMENT -> first(on.deployments(), this::deployment);
            case RERUN -> new TriggerMatch.Unconcerned();
        };
    }

    private TriggerMatch push(Triggers.Push push) {
        return unless(
                skipped()
                        .or(() -> names(push.branches(), EventField.BRANCH, "branches"))
                        .or(() -> paths(push.paths()))
                        .or(() -> condition(push.condition())),
                () -> starts(Map.of(), Optional.empty()));
    }

    private TriggerMatch pullRequest(Triggers.PullRequest request) {
        String action = event.text(EventField.ACTION);
        if (!request.types().contains(action)) {
            return new TriggerMatch.Filtered("its `types` do not have `" + action + "`");
        }
        return unless(
                skipped()
                        .or(() -> names(request.branches(), EventField.BASE, "branches"))
                        .or(() -> paths(request.paths()))
                        .or(() -> condition(request.condition())),
                () -> starts(Map.of(), Optional.empty()));
    }

    private TriggerMatch tag(Triggers.Tag tag) {
        return unless(
                names(tag.tags(), EventField.TAG, "tags").or(() -> condition(tag.condition())),
                () -> starts(Map.of(), Optional.empty()));
    }

    private TriggerMatch schedule(Triggers.Schedule schedule) {
        boolean due = schedule.cron().equals(event.text(EventField.CRON))
                && isOrUnsaid(EventField.TIMEZONE, schedule.timezone())
                && isOrUnsaid(EventField.BRANCH, schedule.branch());
        return due
                ? starts(texts(schedule.inputs()), Optional.of(text(schedule.branch())))
                : new TriggerMatch.Unconcerned();
    }

    private boolean isOrUnsaid(EventField field, String text) {
        return event.text(field).isEmpty() || event.text(field).equals(text);
    }

    private TriggerMatch kafka(Triggers.Kafka kafka) {
        if (!kafka.topic().equals(event.text(EventField.TOPIC))) {
            return new TriggerMatch.Unconcerned();
        }
        return unless(
                condition(kafka.condition()), () -> starts(texts(kafka.inputs()), Optional.of(text(kafka.branch()))));
    }

    private TriggerMatch upstream(Triggers.Upstream upstream) {
        boolean named = upstream.pipeline().equals(event.text(EventField.PIPELINE))
                && upstream.project().orElse(project).equals(event.text(EventField.PROJECT));
        if (!named) {
            return new TriggerMatch.Unconcerned();
        }
        Optional<String> branch = upstream.branch().map(this::text).or(() -> upstream.project()
                .filter(other -> !other.equals(project))
                .map(other -> "main"));
        return unless(
                outcome(upstream.outcomes())
                        .or(() -> names(upstream.branches(), EventField.BRANCH, "branches"))
                        .or(() -> condition(upstream.condition())),
                () -> starts(texts(upstream.inputs()), branch));
    }

    private TriggerMatch deployment(Triggers.Deployment deployment) {
        return unless(
                names(deployment.environments(), EventField.ENVIRONMENT, "environments")
                        .or(() -> outcome(deployment.outcomes()))
                        .or(() -> condition(deployment.condition())),
                () -> starts(texts(deployment.inputs()), Optional.empty()));
    }

    /** The first that starts a run; else what the first says that is concerned. */
    private <T> TriggerMatch first(List<T> triggers, java.util.function.Function<T, TriggerMatch> judge) {
        TriggerMatch best = new TriggerMatch.Unconcerned();
        for (T trigger : triggers) {
            TriggerMatch match = judged(() -> judge.apply(trigger));
            if (match instanceof TriggerMatch.Starts) {
                return match;
            }
            if (best instanceof TriggerMatch.Unconcerned) {
                best = match;
            }
        }
        return best;
    }

    private TriggerMatch starts(Map<String, String> given, Optional<String> branch) {
        for (Map.Entry<String, String> entry : given.entrySet()) {
            Input input = plan.inputs().get(entry.getKey());
            Optional<String> expected = input == null
                    ? Optional.of("an input of the pipeline")
                    : InputValues.refusal(input, entry.getValue());
            if (expected.isPresent()) {
                return new TriggerMatch.Refused("Expected " + expected.get() + " for `" + entry.getKey()
                        + "`, but it is `" + entry.getValue() + "`");
            }
        }
        Optional<String> missing = plan.inputs().entrySet().stream()
                .filter(entry -> entry.getValue().required() && !given.containsKey(entry.getKey()))
                .map(Map.Entry::getKey)
                .findFirst();
        return missing.<TriggerMatch>map(name ->
                        new TriggerMatch.Refused("Expected a value for input `" + name + "`, but there is none"))
                .orElseGet(() -> new TriggerMatch.Starts(InputValues.complete(plan.inputs(), given), branch));
    }

    private static TriggerMatch unless(Optional<String> reason, java.util.function.Supplier<TriggerMatch> otherwise) {
        return reason.<TriggerMatch>map(TriggerMatch.Filtered::new).orElseGet(otherwise);
    }

    private Optional<String> skipped() {
        var skip = SKIP.matcher(event.text(EventField.MESSAGE));
        return skip.find() ? Optional.of("the commit says `" + skip.group() + "`") : Optional.empty();
    }

    private Optional<String> names(List<String> patterns, EventField field, String key) {
        String name = event.text(field);
        return Glob.allows(patterns, name)
                ? Optional.empty()
                : Optional.of("its `" + key + "` do not allow `" + name + "`");
    }

    /** Files that nobody knows could be any. */
    private Optional<String> paths(List<String> patterns) {
        boolean none = !patterns.isEmpty()
                && event.pathsKnown()
                && event.paths().stream().noneMatch(path -> Glob.allows(patterns, path));
        return none ? Optional.of("none of the changed files is in its `paths`") : Optional.empty();
    }

    private Optional<String> outcome(List<String> outcomes) {
        String outcome = event.text(EventField.OUTCOME);
        return outcomes.contains(outcome)
                ? Optional.empty()
                : Optional.of("its `outcomes` do not have `" + outcome + "`");
    }

    private Optional<String> condition(Optional<String> condition) {
        return condition
                .filter(expression -> !evaluation().holds(expression))
                .map(expression -> "its `if` is false: " + expression);
    }

    private Map<String, String> texts(Map<String, String> templates) {
        Map<String, String> texts = new LinkedHashMap<>();
        templates.forEach((name, text) -> texts.put(name, text(text)));
        return texts;
    }

    private String text(String template) {
        return Template.hasExpressions(template) ? evaluation().text(template) : template;
    }

    /** Made when the first expression is met: most triggers have none. */
    private Evaluation evaluation() {
        if (evaluation == null) {
            evaluation = new Evaluation(Map.of("event", event.complete()));
        }
        return evaluation;
    }
}
