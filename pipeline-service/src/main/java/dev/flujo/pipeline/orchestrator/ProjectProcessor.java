package dev.flujo.pipeline.orchestrator;

import dev.flujo.core.Decision;
import dev.flujo.core.run.Run;
import dev.flujo.core.run.RunCommand;
import dev.flujo.event.AnalysisEvent.AnalysisRequested;
import dev.flujo.event.Attempt;
import dev.flujo.event.AuditEvent.ActionRecorded;
import dev.flujo.event.CommandEvent;
import dev.flujo.event.CommandEvent.AnswerApproval;
import dev.flujo.event.CommandEvent.ApproveRun;
import dev.flujo.event.CommandEvent.CancelRun;
import dev.flujo.event.CommandEvent.RejectRun;
import dev.flujo.event.CommandEvent.RerunRun;
import dev.flujo.event.CommandEvent.StartRun;
import dev.flujo.event.CommitEvent.CommitPushed;
import dev.flujo.event.CommitEvent.PullRequestChanged;
import dev.flujo.event.CommitEvent.TagPushed;
import dev.flujo.event.DeployEvent;
import dev.flujo.event.DerivedId;
import dev.flujo.event.Envelope;
import dev.flujo.event.Event;
import dev.flujo.event.EventCodec;
import dev.flujo.event.JobEvent;
import dev.flujo.event.JobEvent.DefinitionsRead;
import dev.flujo.event.JobEvent.JobFinished;
import dev.flujo.event.JobEvent.JobLost;
import dev.flujo.event.PipelineEvent.PipelineDefined;
import dev.flujo.event.PipelineEvent.SourceDeclared;
import dev.flujo.event.PipelineEvent.TemplateDefined;
import dev.flujo.event.QueueEvent.QueueReported;
import dev.flujo.event.SignalEvent.RecordReceived;
import dev.flujo.event.SignalEvent.RepositorySeen;
import dev.flujo.event.SignalEvent.UpstreamFinished;
import dev.flujo.event.SignalEvent.UpstreamWatched;
import dev.flujo.event.Topic;
import dev.flujo.event.plan.Job;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.ProcessorContext;

/** Puts everything that concerns a project before its runs and locks; state, events and offset commit as one. */
final class ProjectProcessor extends EventProcessor {

    /** How long a cause is remembered after its run has ended: as long as commits are kept. */
    private static final Duration MEMORY = Duration.ofDays(14);

    /** How long a forge can deliver again what has failed: GitHub three days. */
    private static final Duration LATEST_DELIVERY = Duration.ofDays(4);

    private final Rows rows;
    private ProjectStores stores;
    private Schedules schedules;

    ProjectProcessor(
            EventCodec codec, Rows rows, OrchestratorMeters meters, WallClock clock, Function<String, InHand> notes) {
        super(codec, rows, meters, clock, ProjectStores.STORE, notes);
        this.rows = rows;
    }

    @Override
    public void init(ProcessorContext<byte[], byte[]> context) {
        super.init(context);
        stores = new ProjectStores(context, rows);
        schedules = new Schedules(stores);
        schedules.restore();
        context.schedule(Duration.ofSeconds(1), PunctuationType.WALL_CLOCK_TIME, at -> {
            lookAtClock();
            ring();
            report();
        });
        context.schedule(Duration.ofHours(1), PunctuationType.WALL_CLOCK_TIME, at -> {
            stores.runs().forgetEndedBefore(now().minus(MEMORY));
            stores.forgetFoundBefore(now().minus(LATEST_DELIVERY));
        });
    }

    @Override
    List<Output> judge(Envelope envelope) {
        Judgement judgement = new Judgement(stores, envelope.id(), now());
        Starts starts = new Starts(stores, meters(), judgement, now());
        Event event = envelope.event();
        if (event instanceof CommitPushed e) {
            starts.pushed(envelope, e);
        } else if (event instanceof TagPushed e) {
            starts.tagged(envelope, e);
        } else if (event instanceof PullRequestChanged e) {
            starts.requested(envelope, e);
        } else if (event instanceof PipelineDefined e) {
            define(judgement, envelope, e);
        } else if (event instanceof TemplateDefined e) {
            stores.putTemplate(e);
        } else if (event instanceof SourceDeclared e) {
            declare(judgement, envelope, e);
        } else if (event instanceof RecordReceived e) {
            starts.received(envelope, e);
        } else if (event instanceof RepositorySeen e) {
            starts.seen(e);
        } else if (event instanceof UpstreamFinished e) {
            starts.finished(envelope.chainId(), e);
        } else if (event instanceof UpstreamWatched e) {
            stores.putWatched(e);
        } else if (event instanceof StartRun e) {
            starts.asked(envelope, e);
        } else if (event instanceof RerunRun e) {
            starts.again(envelope, e);
        } else if (event instanceof CancelRun e) {
            RunCommand cancel = new RunCommand.Cancel(e.by(), e.reason());
            command(judgement, envelope, e, cancel, new Asked("run.cancel", e.by(), e.subject()));
        } else if (event instanceof ApproveRun e) {
            RunCommand approve = new RunCommand.Approve(e.commit(), e.by());
            command(judgement, envelope, e, approve, new Asked("run.approve", e.by(), e.subject()));
        } else if (event instanceof RejectRun e) {
            RunCommand reject = new RunCommand.Reject(e.commit(), e.by(), e.reason());
            command(judgement, envelope, e, reject, new Asked("run.reject", e.by(), e.subject()));
        } else if (event instanceof AnswerApproval e) {
            RunCommand answer = new RunCommand.Answer(
                    e.job(),
                    e.approved(),
                    e.by(),
                    e.groups(),
                    e.comment(),
                    e.older().orElse(false));
            String action = e.approved() ? "job.approve" : "job.reject";
            command(judgement, envelope, e, answer, new Asked(action, e.by(), e.run() + "/" + e.job()));
        } else if (event instanceof JobEvent e) {
            report(judgement, starts, envelope, e);
        } else if (event instanceof DeployEvent e && !e.ofEnvironment()) {
            Attempt attempt = Run.deployAttempt(e);
            count(judgement.tell(attempt.run(), new RunCommand.DeployReport(attempt, e)));
            starts.deployed(envelope, e);
        } else if (event instanceof AnalysisRequested e) {
            new Analyses(stores, judgement, now()).asked(envelope, e);
        }
        List<Output> outputs = keep(judgement, starts);
        meters().waits(outputs);
        return outputs;
    }

    /** Schedules are times of the day, which come when the clock says so. */
    @Override
    void leapt(Duration leap) {
        stores.shiftAlarms(leap);
    }

    /** The end of a run may start others, whose end may do so too. */
    private static List<Output> keep(Judgement judgement, Starts starts) {
        for (Optional<RunRow> ended = judgement.nextEnded(); ended.isPresent(); ended = judgement.nextEnded()) {
            starts.finished(ended.get());
        }
        return judgement.keep();
    }

    @Override
    List<Output> failed(Envelope envelope, RuntimeException failure) {
        if (!(envelope.event() instanceof JobEvent event)) {
            return List.of();
        }
        UUID run = event.attempt().run();
        stores.runs().forget(run);
        Judgement judgement = new Judgement(stores, envelope.id(), now());
        judgement.tell(run, new RunCommand.Quarantine(String.valueOf(failure.getMessage())));
        return judgement.keep();
    }

    /** What is submitted waits until the project no longer takes its pipelines from its repository. */
    private void define(Judgement judgement, Envelope envelope, PipelineDefined defined) {
        Watches watches = new Watches(stores, defined.project());
        Definition definition = stores.putDefinition(defined);
        if (stores.source(defined.project()).isEmpty()) {
            schedules.defined(definition, now());
        }
        watches.tell(judgement, envelope);
    }

    private void declare(Judgement judgement, Envelope envelope, SourceDeclared source) {
        Watches watches = new Watches(stores, source.project());
        List<Definition> before = stores.definitions(source.project());
        boolean from = stores.source(source.project()).isPresent();
        stores.putSource(source);
        if (from != source.repository().isPresent()) {
            new Counting(stores, judgement, envelope, source).tell(before);
        }
        schedules.changed(before, stores.definitions(source.project()), now());
        watches.tell(judgement, envelope);
    }

    /** What somebody asked for, as the record of it says when it is refused. */
    private record Asked(String action, String by, String target) {}

    private void command(Judgement judgement, Envelope envelope, CommandEvent event, RunCommand command, Asked asked) {
        Decision decision = judgement.tell(event.run(), command);
        count(decision);
        if (decision instanceof Decision.Rejected rejected) {
            judgement.send(
                    Topic.AUDIT,
                    DerivedId.of("rejected", envelope.id()).toString(),
                    envelope.chainId(),
                    new ActionRecorded(
                            Optional.of(event.project()),
                            asked.by(),
                            asked.action(),
                            asked.target(),
                            rejected.reason().name(),
                            Optional.of(rejected.detail()),
                            Optional.empty(),
                            now()));
        }
    }

    private void report(Judgement judgement, Starts starts, Envelope envelope, JobEvent event) {
        Decision decision = judgement.tell(event.attempt().run(), new RunCommand.Report(event));
        count(decision);
        boolean over = event instanceof JobFinished || event instanceof JobLost;
        if (decision instanceof Decision.Rejected && over) {
            judgement.release(event.attempt());
        }
        if (event instanceof JobFinished finished && deploys(judgement, finished.attempt())) {
            new Analyses(stores, judgement, now()).deployed(finished.attempt());
        }
        if (decision instanceof Decision.Accepted && event instanceof DefinitionsRead read) {
            Watches watches = new Watches(stores, read.project());
            List<Definition> before = stores.definitions(read.project());
            starts.read(read);
            schedules.changed(before, stores.definitions(read.project()), now());
            watches.tell(judgement, envelope);
        }
    }

    private static boolean deploys(Judgement judgement, Attempt attempt) {
        return judgement
                .run(attempt.run())
                .flatMap(run -> run.plan().job(attempt.job()))
                .flatMap(Job::deploy)
                .isPresent();
    }

    /** What anybody may ask is told by the way: nothing waits for it. */
    private void report() {
        List<QueueReported> changed = stores.locks().changedQueues();
        if (!changed.isEmpty()) {
            send(changed.stream()
                    .map(report -> QueueReports.output(report, now()))
                    .toList());
        }
    }

    private void ring() {
        Instant now = now();
        for (Map.Entry<String, Alarm> alarm : stores.due(now).entrySet()) {
            Judgement judgement = new Judgement(stores, "timer:" + alarm.getKey(), now);
            judgement.tell(alarm.getValue().run(), alarm.getValue().command());
            stores.removeAlarm(alarm.getKey());
            send(keep(judgement, new Starts(stores, meters(), judgement, now)));
        }
        for (Schedules.Due due : schedules.due(now)) {
            Judgement judgement = new Judgement(stores, "schedule:" + due.id(), now);
            Starts starts = new Starts(stores, meters(), judgement, now);
            starts.due(due);
            send(keep(judgement, starts));
        }
    }

    private void count(Decision decision) {
        if (decision instanceof Decision.Rejected rejected) {
            meters().rejected(rejected.reason().name());
        }
    }
}
