package dev.flujo.pipeline.api;

import dev.flujo.core.trigger.Forecast;
import dev.flujo.core.trigger.JobForecast;
import dev.flujo.core.trigger.TriggerEvent;
import dev.flujo.core.trigger.TriggerMatch;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a pipeline would do with events.
 *
 * @param complete whether these are all of the events that were asked for
 * @param unseen what could not be looked at, and why
 */
public record PlanView(String pipeline, List<EventPlan> events, boolean complete, List<String> unseen) {

    /** What would become of one event: a run, or none, and why; and of each job that the run would have. */
    public record EventPlan(
            Map<String, Object> event,
            Optional<Instant> at,
            Verdict verdict,
            Optional<String> reason,
            Map<String, String> inputs,
            List<JobPlan> jobs) {}

    /** What would become of one job, and why. */
    public record JobPlan(String id, Optional<String> name, List<String> needs, String verdict, String reason) {}

    /** What a pipeline says to an event. */
    public enum Verdict {
        /** A run starts. */
        STARTS,
        /** The pipeline waits for such events, but not for this one; a required check passes. */
        FILTERED,
        /** The event gives an input a value that it cannot have. */
        REFUSED,
        /** The pipeline does not wait for such events. */
        UNCONCERNED
    }

    static EventPlan of(TriggerEvent event, Optional<Instant> at, Forecast forecast) {
        TriggerMatch match = forecast.match();
        if (match instanceof TriggerMatch.Starts starts) {
            return plan(event, at, Verdict.STARTS, Optional.empty(), starts.inputs(), forecast);
        }
        if (match instanceof TriggerMatch.Filtered filtered) {
            return plan(event, at, Verdict.FILTERED, Optional.of(filtered.reason()), Map.of(), forecast);
        }
        if (match instanceof TriggerMatch.Refused refused) {
            return plan(event, at, Verdict.REFUSED, Optional.of(refused.reason()), Map.of(), forecast);
        }
        if (match instanceof TriggerMatch.Unconcerned) {
            String reason = "its `on` has no `" + TriggerEvent.word(event.kind()) + "` that waits for this";
            return plan(event, at, Verdict.UNCONCERNED, Optional.of(reason), Map.of(), forecast);
        }
        throw new AssertionError("unhandled match " + match);
    }

    private static EventPlan plan(
            TriggerEvent event,
            Optional<Instant> at,
            Verdict verdict,
            Optional<String> reason,
            Map<String, String> inputs,
            Forecast forecast) {
        return new EventPlan(
                event.fields(),
                at,
                verdict,
                reason,
                new TreeMap<>(inputs),
                forecast.jobs().stream().map(PlanView::of).toList());
    }

    private static JobPlan of(JobForecast job) {
        return new JobPlan(
                job.id(), job.name(), job.needs(), job.verdict().name().toLowerCase(Locale.ROOT), job.reason());
    }
}
