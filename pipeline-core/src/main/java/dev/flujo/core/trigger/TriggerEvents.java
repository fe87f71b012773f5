package dev.flujo.core.trigger;

import dev.flujo.core.plan.expression.EventField;
import dev.flujo.event.Cause;
import dev.flujo.event.CommandEvent.StartRun;
import dev.flujo.event.CommitEvent.CommitPushed;
import dev.flujo.event.CommitEvent.PullRequestChanged;
import dev.flujo.event.CommitEvent.TagPushed;
import dev.flujo.event.DeployEvent;
import dev.flujo.event.DeployEvent.DeploymentFailed;
import dev.flujo.event.DeployEvent.ServiceDeployed;
import dev.flujo.event.DeployEvent.ServiceUpgraded;
import dev.flujo.event.Outcome;
import dev.flujo.event.Revision;
import dev.flujo.event.SignalEvent.RecordReceived;
import dev.flujo.event.plan.Triggers.Schedule;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Events of the log as triggers see them. */
public final class TriggerEvents {

    private final Map<String, Object> fields = new LinkedHashMap<>();

    private TriggerEvents() {}

    /** A push to a branch. */
    public static TriggerEvent of(CommitPushed push) {
        return new TriggerEvents()
                .with(EventField.BRANCH, push.branch())
                .with(EventField.COMMIT, push.commit())
                .with(EventField.BY, push.by())
                .with(EventField.MESSAGE, push.message())
                .with(EventField.AUTHOR, push.author())
                .with(EventField.PATHS, push.paths())
                .as(Cause.Kind.PUSH);
    }

    /** A new tag. */
    public static TriggerEvent of(TagPushed tag) {
        return new TriggerEvents()
                .with(EventField.TAG, tag.tag())
                .with(EventField.COMMIT, tag.commit())
                .with(EventField.BY, tag.by())
                .with(EventField.MESSAGE, tag.message())
                .with(EventField.AUTHOR, tag.author())
                .as(Cause.Kind.TAG);
    }

    /** Something has happened to a pull request. */
    public static TriggerEvent of(PullRequestChanged request) {
        return new TriggerEvents()
                .with(EventField.BRANCH, request.branch())
                .with(EventField.COMMIT, request.commit())
                .with(EventField.BY, request.by())
                .with(EventField.AUTHOR, request.author())
                .with(EventField.PATHS, request.paths())
                .with(EventField.NUMBER, request.number())
                .with(EventField.TITLE, request.title())
                .with(EventField.BASE, request.base())
                .with(EventField.ACTION, request.action())
                .with(EventField.DRAFT, request.draft())
                .with(EventField.FORK, request.fork())
                .with(EventField.LABELS, request.labels())
                .as(Cause.Kind.PULL_REQUEST);
    }

    /** A person, or a program with something to say, wants a run. */
    public static TriggerEvent of(StartRun start) {
        return of(start.branch(), start.commit(), start.by(), start.payload());
    }

    /** The same, before it is on the log. */
    public static TriggerEvent of(
            String branch, Optional<String> commit, String by, Optional<Map<String, Object>> payload) {
        return new TriggerEvents()
                .with(EventField.BRANCH, branch)
                .with(EventField.COMMIT, commit)
                .with(EventField.BY, by)
                .with(EventField.PAYLOAD, payload)
                .as(payload.isPresent() ? Cause.Kind.API : Cause.Kind.MANUAL);
    }

    /** A record of a topic has come. */
    public static TriggerEvent of(RecordReceived record) {
        return new TriggerEvents()
                .with(EventField.TOPIC, record.topic())
                .with(EventField.KEY, record.key())
                .with(EventField.HEADERS, record.headers())
                .with(EventField.PAYLOAD, record.payload())
                .as(Cause.Kind.KAFKA);
    }

    /** A time of a schedule has come. */
    public static TriggerEvent due(Schedule schedule) {
        return new TriggerEvents()
                .with(EventField.CRON, schedule.cron())
                .with(EventField.TIMEZONE, schedule.timezone())
                .with(EventField.BRANCH, schedule.branch())
                .as(Cause.Kind.SCHEDULE);
    }

    /** A run has ended. */
    public static TriggerEvent finished(String project, String pipeline, UUID run, Outcome outcome, Revision revision) {
        return new TriggerEvents()
                .with(EventField.BRANCH, revision.branch())
                .with(EventField.COMMIT, revision.commit())
                .with(EventField.MESSAGE, revision.message())
                .with(EventField.AUTHOR, revision.author())
                .with(EventField.PROJECT, project)
                .with(EventField.PIPELINE, pipeline)
                .with(EventField.RUN, run.toString())
                .with(EventField.OUTCOME, outcome.name().toLowerCase(Locale.ROOT))
                .as(Cause.Kind.UPSTREAM);
    }

    /** A deployment has ended; none if the event says something else of it. */
    public static Optional<TriggerEvent> of(DeployEvent event) {
        if (event instanceof ServiceDeployed e) {
            return Optional.of(deployed(e.environment(), e.revision(), e.by(), "succeeded", Optional.of(e.address())));
        }
        if (event instanceof ServiceUpgraded e) {
            return Optional.of(deployed(e.environment(), e.revision(), e.by(), "succeeded", Optional.of(e.address())));
        }
        return event instanceof DeploymentFailed e
                ? Optional.of(deployed(e.environment(), e.revision(), e.by(), "failed", Optional.empty()))
                : Optional.empty();
    }

    private static TriggerEvent deployed(
            String environment, Revision revision, String by, String outcome, Optional<String> address) {
        return new TriggerEvents()
                .with(EventField.BRANCH, revision.branch())
                .with(EventField.COMMIT, revision.commit())
                .with(EventField.MESSAGE, revision.message())
                .with(EventField.AUTHOR, revision.author())
                .with(EventField.BY, by)
                .with(EventField.ENVIRONMENT, environment)
                .with(EventField.OUTCOME, outcome)
                .with(EventField.ADDRESS, address)
                .as(Cause.Kind.DEPLOYMENT);
    }

    private TriggerEvents with(EventField field, Object value) {
        fields.put(field.word(), value);
        return this;
    }

    private TriggerEvents with(EventField field, Optional<?> value) {
        value.ifPresent(known -> fields.put(field.word(), known));
        return this;
    }

    private TriggerEvent as(Cause.Kind kind) {
        return new TriggerEvent(kind, fields);
    }
}
