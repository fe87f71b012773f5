package dev.flujo.pipeline.orchestrator;

import dev.flujo.core.Decision;
import dev.flujo.core.plan.InputValues;
import dev.flujo.core.run.Run;
import dev.flujo.core.run.RunCommand;
import dev.flujo.core.trigger.TriggerEvent;
import dev.flujo.core.trigger.TriggerMatch;
import dev.flujo.core.trigger.TriggerRules;
import dev.flujo.event.Attempt;
import dev.flujo.event.AuditEvent.ActionRecorded;
import dev.flujo.event.Cause;
import dev.flujo.event.CommandEvent.CancelRun;
import dev.flujo.event.CommandEvent.StartRun;
import dev.flujo.event.CommitEvent.CommitPushed;
import dev.flujo.event.DeployEvent;
import dev.flujo.event.DerivedId;
import dev.flujo.event.Envelope;
import dev.flujo.event.Event;
import dev.flujo.event.EventCodec;
import dev.flujo.event.JobEvent;
import dev.flujo.event.JobEvent.JobFinished;
import dev.flujo.event.PipelineEvent.PipelineDefined;
import dev.flujo.event.Revision;
import dev.flujo.event.RunEvent.RunQueued;
import dev.flujo.event.RunEvent.RunRefused;
import dev.flujo.event.Topic;
import dev.flujo.event.plan.Plan;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.ProcessorContext;

/** Puts everything that concerns a project before its runs and locks; state, events and offset commit as one. */
final class ProjectProcessor extends EventProcessor {

    /** How long a cause is remembered after its run has ended: as long as commits are kept. */
    private static final Duration MEMORY = Duration.ofDays(14);

    private final Rows rows;
    private ProjectStores stores;

    ProjectProcessor(EventCodec codec, Rows rows, OrchestratorMeters meters) {
        super(codec, meters);
        this.rows = rows;
    }

    @Override
    public void init(ProcessorContext<byte[], byte[]> context) {
        super.init(context);
        stores = new ProjectStores(context, rows);
        context.schedule(Duration.ofSeconds(1), PunctuationType.WALL_CLOCK_TIME, at -> ring());
        context.schedule(
                Duration.ofHours(1),
                PunctuationType.WALL_CLOCK_TIME,
                at -> stores.forgetEndedBefore(now().minus(MEMORY)));
    }

    @Override
    List<Output> judge(Envelope envelope) {
        Judgement judgement = new Judgement(stores, envelope.id(), now());
        Event event = envelope.event();
        if (event instanceof CommitPushed e) {
            pushed(judgement, envelope, e);
        } else if (event instanceof PipelineDefined e) {
            stores.putDefinition(e);
        } else if (event instanceof StartRun e) {
            start(judgement, envelope, e);
        } else if (event instanceof CancelRun e) {
            cancel(judgement, envelope, e);
        } else if (event instanceof JobEvent e) {
            report(judgement, e);
        } else if (event instanceof DeployEvent e && !(event instanceof DeployEvent.EnvironmentCreated)) {
            Attempt attempt = Run.deployAttempt(e);
            count(judgement.tell(attempt.run(), new RunCommand.DeployReport(attempt, e)));
        }
        return judgement.keep();
    }

    @Override
    List<Output> failed(Envelope envelope, RuntimeException failure) {
        if (!(envelope.event() instanceof JobEvent event)) {
            return List.of();
        }
        UUID run = event.attempt().run();
        stores.forget(run);
        Judgement judgement = new Judgement(stores, envelope.id(), now());
        judgement.tell(run, new RunCommand.Quarantine(String.valueOf(failure.getMessage())));
        return judgement.keep();
    }

    private void pushed(Judgement judgement, Envelope envelope, CommitPushed push) {
        stores.putHead(
                push.project(),
                push.branch(),
                new Head(push.commit(), push.message(), push.author(), push.committedAt()));
        Cause cause = new Cause(Cause.Kind.PUSH, push.by(), envelope.id(), push.receivedAt());
        TriggerEvent trigger = TriggerEvent.of(push);
        for (Definition definition : stores.definitions(push.project())) {
            TriggerMatch match = definition
                    .plan()
                    .map(plan -> TriggerRules.match(plan, push.project(), trigger, Map.of()))
                    .orElseGet(TriggerMatch.Unconcerned::new);
            if (match instanceof TriggerMatch.Starts starts) {
                PipelineDefined defined = definition.defined();
                Revision revision = new Revision(
                        defined.repository(),
                        push.branch(),
                        Optional.of(push.commit()),
                        push.message(),
                        push.author(),
                        push.committedAt());
                UUID run = DerivedId.run(push.project(), defined.pipeline(), envelope.id());
                begin(judgement, envelope, definition, new Start(run, cause, revision, starts.inputs(), trigger));
            }
        }
    }

    private void start(Judgement judgement, Envelope envelope, StartRun start) {
        Cause cause = new Cause(Cause.Kind.MANUAL, start.by(), start.requestId(), start.receivedAt());
        Optional<Definition> definition = stores.definition(start.project(), start.pipeline());
        if (definition.flatMap(Definition::plan).isEmpty()) {
            refuse(
                    judgement,
                    envelope,
                    start,
                    cause,
                    "pipeline-unknown",
                    "Expected a pipeline that has been submitted, but project " + start.project() + " has no '"
                            + start.pipeline() + "'");
            return;
        }
        Optional<String> repository = definition.get().defined().repository();
        Optional<Head> head = stores.head(start.project(), start.branch());
        if (repository.isPresent() && start.commit().isEmpty() && head.isEmpty()) {
            refuse(
                    judgement,
                    envelope,
                    start,
                    cause,
                    "commit-unknown",
                    "Expected a commit, or a branch of which a commit has been seen, but none of '" + start.branch()
                            + "' has; name the commit");
            return;
        }
        Optional<Head> known = head.filter(
                seen -> start.commit().isEmpty() || start.commit().get().equals(seen.commit()));
        Revision revision = new Revision(
                repository,
                start.branch(),
                start.commit().or(() -> known.map(Head::commit)),
                known.flatMap(Head::message),
                known.flatMap(Head::author),
                known.flatMap(Head::committedAt));
        Plan plan = definition.get().plan().orElseThrow();
        begin(
                judgement,
                envelope,
                definition.get(),
                new Start(
                        start.run(),
                        cause,
                        revision,
                        InputValues.complete(plan.inputs(), Map.of()),
                        new TriggerEvent(Cause.Kind.MANUAL, Map.of("branch", start.branch(), "by", start.by()))));
    }

    /** What begins, and why. */
    private record Start(UUID run, Cause cause, Revision revision, Map<String, String> inputs, TriggerEvent trigger) {}

    private void begin(Judgement judgement, Envelope envelope, Definition definition, Start start) {
        PipelineDefined defined = definition.defined();
        Plan plan = definition.plan().orElseThrow();
        RunQueued queued = new RunQueued(
                defined.project(),
                start.run(),
                defined.pipeline(),
                defined.version(),
                start.cause(),
                start.revision(),
                plan,
                start.inputs(),
                start.trigger().fields());
        judgement.begin(new RunCommand.Begin(queued), definition.planKey(), envelope.chainId());
        meters().runs("begun");
    }

    private void refuse(
            Judgement judgement, Envelope envelope, StartRun start, Cause cause, String reason, String detail) {
        if (stores.ended(start.run()).isPresent()) {
            return;
        }
        stores.putRefused(start.run(), now());
        judgement.sendFirst(
                start.run(),
                envelope.chainId(),
                new RunRefused(start.project(), start.run(), start.pipeline(), cause, reason, detail));
        meters().runs("refused");
    }

    private void cancel(Judgement judgement, Envelope envelope, CancelRun cancel) {
        Decision decision = judgement.tell(cancel.run(), new RunCommand.Cancel(cancel.by(), cancel.reason()));
        count(decision);
        if (decision instanceof Decision.Rejected rejected) {
            judgement.send(
                    Topic.AUDIT,
                    DerivedId.of("rejected", envelope.id()).toString(),
                    envelope.chainId(),
                    new ActionRecorded(
                            Optional.of(cancel.project()),
                            cancel.by(),
                            "run.cancel",
                            cancel.run().toString(),
                            rejected.reason().name(),
                            Optional.of(rejected.detail()),
                            Optional.empty(),
                            now()));
        }
    }

    private void report(Judgement judgement, JobEvent event) {
        Decision decision = judgement.tell(event.attempt().run(), new RunCommand.Report(event));
        count(decision);
        if (decision instanceof Decision.Rejected && event instanceof JobFinished) {
            judgement.release(event.attempt());
        }
    }

    private void ring() {
        Instant now = now();
        for (Map.Entry<String, Attempt> timer : stores.due(now).entrySet()) {
            Judgement judgement = new Judgement(stores, "timer:" + timer.getKey(), now);
            judgement.tell(timer.getValue().run(), new RunCommand.TimeOut(timer.getValue()));
            stores.removeTimer(timer.getKey());
            send(judgement.keep());
        }
    }

    private void count(Decision decision) {
        if (decision instanceof Decision.Rejected rejected) {
            meters().rejected(rejected.reason().name());
        }
    }
}
