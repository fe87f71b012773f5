package dev.flujo.event;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;

/**
 * The registry of type names: literal and versioned, never derived from a class. Where CDEvents 0.5.1 has a word for an
 * event it is used, with CDEvents' own content and the record as custom data; the rest are custom events whose content is
 * the record.
 */
public final class EventTypes {

    /** Where schemas are published. */
    static final String SCHEMAS = "https://flujo.dev/schemas/";

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final String DATA_VERSION = "-flujo.";
    private static final String PLAN_VERSION = "0.4.0";

    /**
     * One type: its name without version, the version that is written, its record, CDEvents' content where the type is
     * CDEvents', and then also the version of the record, which CDEvents' own version says nothing of.
     */
    record Entry(
            String name,
            String version,
            Class<? extends Event> record,
            Optional<Function<Event, ObjectNode>> content,
            Optional<String> dataVersion) {

        String fullName() {
            return name + "." + version;
        }

        boolean custom() {
            return content.isEmpty();
        }

        /** Where the schema of this version is published, without the ending; also the name of its golden file. */
        String schemaName() {
            return dataVersion.map(data -> fullName() + DATA_VERSION + data).orElse(fullName());
        }

        /** What the event says of its schema; CDEvents' types only do once their record has another version than 0.1.0. */
        Optional<String> schemaUri() {
            return dataVersion.map(data -> SCHEMAS + schemaName() + ".json");
        }
    }

    private static final Map<Class<? extends Event>, Entry> BY_RECORD = new HashMap<>();
    private static final Map<String, Entry> BY_NAME = new HashMap<>();
    private static final List<Entry> ALL = new ArrayList<>();

    static {
        standard("change.merged", "0.3.0", "0.2.0", CommitEvent.CommitPushed.class, EventTypes::repository);
        custom("tag.pushed", CommitEvent.TagPushed.class);
        custom("pullrequest.changed", "0.2.0", CommitEvent.PullRequestChanged.class);
        custom("run.requested", "0.2.0", CommandEvent.StartRun.class);
        custom("run.rerunrequested", "0.3.0", CommandEvent.RerunRun.class);
        custom("run.cancelrequested", CommandEvent.CancelRun.class);
        custom("run.approvalgiven", CommandEvent.ApproveRun.class);
        custom("run.approvalrefused", CommandEvent.RejectRun.class);
        custom("approval.answered", CommandEvent.AnswerApproval.class);
        custom("record.received", SignalEvent.RecordReceived.class);
        custom("upstream.finished", SignalEvent.UpstreamFinished.class);
        custom("upstream.watched", SignalEvent.UpstreamWatched.class);
        custom("repository.seen", SignalEvent.RepositorySeen.class);
        custom("pipeline.defined", "0.2.0", PipelineEvent.PipelineDefined.class);
        custom("template.defined", PipelineEvent.TemplateDefined.class);
        custom("pipeline.read", PipelineEvent.PipelineRead.class);
        custom("pipeline.gone", PipelineEvent.PipelineGone.class);
        custom("source.declared", PipelineEvent.SourceDeclared.class);
        standard("pipelinerun.queued", "0.3.0", PLAN_VERSION, RunEvent.RunQueued.class, EventTypes::pipelineRun);
        standard("pipelinerun.started", "0.3.0", RunEvent.RunStarted.class, EventTypes::pipelineRun);
        custom("run.extended", "0.3.0", RunEvent.RunExtended.class);
        custom("run.cancelling", RunEvent.RunCancelling.class);
        standard("pipelinerun.finished", "0.3.0", RunEvent.RunFinished.class, EventTypes::runFinished);
        custom("run.refused", "0.2.0", RunEvent.RunRefused.class);
        custom("run.quarantined", RunEvent.RunQuarantined.class);
        custom("run.held", RunEvent.RunHeld.class);
        custom("run.approved", RunEvent.RunApproved.class);
        custom("run.skipped", RunEvent.RunSkipped.class);
        custom("definition.refused", RunEvent.DefinitionRefused.class);
        custom("job.approvalrequested", JobEvent.ApprovalRequested.class);
        custom("job.approvaloutdated", JobEvent.ApprovalOutdated.class);
        custom("job.approved", JobEvent.JobApproved.class);
        custom("job.rejected", JobEvent.JobRejected.class);
        custom("job.queued", JobEvent.JobQueued.class);
        custom("job.assigned", JobEvent.JobAssigned.class);
        standard(
                "taskrun.started",
                "0.3.0",
                "0.3.0",
                JobEvent.JobStarted.class,
                event -> taskRun(((JobEvent) event).attempt()));
        custom("step.started", JobEvent.StepStarted.class);
        custom("step.finished", JobEvent.StepFinished.class);
        standard("artifact.published", "0.3.0", JobEvent.ArtifactPublished.class, event -> JSON.objectNode());
        standard("taskrun.finished", "0.3.0", "0.2.0", JobEvent.JobFinished.class, EventTypes::taskFinished);
        custom("definitions.read", JobEvent.DefinitionsRead.class);
        custom("job.lost", JobEvent.JobLost.class);
        custom("job.retrying", JobEvent.JobRetrying.class);
        custom("job.skipped", JobEvent.JobSkipped.class);
        custom("job.kept", JobEvent.JobKept.class);
        custom("job.stopping", JobEvent.JobStopping.class);
        custom("lock.requested", "0.2.0", LockEvent.LockRequested.class);
        custom("lock.queued", "0.2.0", LockEvent.LockQueued.class);
        custom("lock.acquired", "0.2.0", LockEvent.LockAcquired.class);
        custom("lock.released", "0.2.0", LockEvent.LockReleased.class);
        custom("lock.refused", LockEvent.LockRefused.class);
        custom("lock.superseded", LockEvent.LockSuperseded.class);
        custom("slot.requested", PLAN_VERSION, PoolEvent.SlotRequested.class);
        custom("slot.released", PoolEvent.SlotReleased.class);
        custom("slot.stoprequested", PoolEvent.StopRequested.class);
        custom("limits.set", PoolEvent.LimitsSet.class);
        custom("work.assigned", PLAN_VERSION, AssignmentEvent.WorkAssigned.class);
        custom("work.stopped", AssignmentEvent.WorkStopped.class);
        custom("analysis.requested", AnalysisEvent.AnalysisRequested.class);
        custom("analysis.answered", AssignmentEvent.AnalysisAnswered.class);
        custom("queue.reported", "0.2.0", QueueEvent.QueueReported.class);
        custom("runner.alive", RunnerEvent.RunnerAlive.class);
        custom("runner.left", RunnerEvent.RunnerLeft.class);
        standard("testsuiterun.finished", "0.3.0", TestEvent.SuiteFinished.class, EventTypes::suiteFinished);
        standard("testcaserun.finished", "0.3.0", TestEvent.CaseFinished.class, EventTypes::caseFinished);
        standard("testcaserun.skipped", "0.2.0", TestEvent.CaseSkipped.class, EventTypes::caseSkipped);
        custom("coverage.measured", ReportEvent.CoverageMeasured.class);
        custom("findings.reported", ReportEvent.FindingsReported.class);
        custom("components.listed", ReportEvent.ComponentsListed.class);
        standard("environment.created", "0.3.0", DeployEvent.EnvironmentCreated.class, EventTypes::environment);
        standard("environment.deleted", "0.3.0", DeployEvent.EnvironmentDeleted.class, EventTypes::environment);
        custom("deployment.started", DeployEvent.DeploymentStarted.class);
        standard("service.deployed", "0.3.0", DeployEvent.ServiceDeployed.class, event -> {
            DeployEvent.ServiceDeployed deployed = (DeployEvent.ServiceDeployed) event;
            return service(deployed.environment(), deployed.artifact());
        });
        standard("service.upgraded", "0.3.0", DeployEvent.ServiceUpgraded.class, event -> {
            DeployEvent.ServiceUpgraded upgraded = (DeployEvent.ServiceUpgraded) event;
            return service(upgraded.environment(), upgraded.artifact());
        });
        standard("service.rolledback", "0.3.0", DeployEvent.ServiceRolledBack.class, event -> {
            DeployEvent.ServiceRolledBack rolledBack = (DeployEvent.ServiceRolledBack) event;
            return service(rolledBack.environment(), rolledBack.artifact());
        });
        custom("deployment.failed", DeployEvent.DeploymentFailed.class);
        custom("drift.detected", DriftEvent.DriftDetected.class);
        custom("config.given", ConfigEvent.ConfigGiven.class);
        custom("log.appended", LogEvent.LogAppended.class);
        custom("action.recorded", AuditEvent.ActionRecorded.class);
    }

    private EventTypes() {}

    /** The full type name of an event, such as {@code dev.cdevents.pipelinerun.started.0.3.0}. */
    public static String nameOf(Event event) {
        return event instanceof CdEvent foreign
                ? foreign.type()
                : BY_RECORD.get(event.getClass()).fullName();
    }

    /** Every type name that Flujo writes, in the registry's order. */
    public static List<String> written() {
        return ALL.stream().map(Entry::fullName).toList();
    }

    /** The types whose schemas Flujo publishes: its own, and the records that it adds to CDEvents' types. */
    static List<Entry> published() {
        return ALL.stream()
                .filter(entry -> entry.custom() || entry.dataVersion().isPresent())
                .toList();
    }

    /** The major version of the record that an event says it has; 0 where it says nothing. */
    static int dataMajor(String schemaUri) {
        int at = schemaUri.lastIndexOf(DATA_VERSION);
        int dot = at < 0 ? -1 : schemaUri.indexOf('.', at + DATA_VERSION.length());
        return dot < 0 ? 0 : Integer.parseInt(schemaUri.substring(at + DATA_VERSION.length(), dot));
    }

    static Optional<Entry> named(String nameWithoutVersion) {
        return Optional.ofNullable(BY_NAME.get(nameWithoutVersion));
    }

    static Entry of(Event event) {
        return BY_RECORD.get(event.getClass());
    }

    /** The records that have a type. */
    /** Whether the type of an event, with its version, is that of this record, in whatever version. */
    public static boolean names(String type, Class<? extends Event> record) {
        return type.startsWith(BY_RECORD.get(record).name() + ".");
    }

    static Set<Class<? extends Event>> records() {
        return BY_RECORD.keySet();
    }

    private static void standard(
            String name, String version, Class<? extends Event> record, Function<Event, ObjectNode> content) {
        register(new Entry("dev.cdevents." + name, version, record, Optional.of(content), Optional.empty()));
    }

    private static void standard(
            String name,
            String version,
            String dataVersion,
            Class<? extends Event> record,
            Function<Event, ObjectNode> content) {
        register(new Entry("dev.cdevents." + name, version, record, Optional.of(content), Optional.of(dataVersion)));
    }

    private static void custom(String name, Class<? extends Event> record) {
        custom(name, "0.1.0", record);
    }

    private static void custom(String name, String version, Class<? extends Event> record) {
        register(new Entry("dev.cdeventsx.flujo-" + name, version, record, Optional.empty(), Optional.empty()));
    }

    private static void register(Entry entry) {
        BY_RECORD.put(entry.record(), entry);
        BY_NAME.put(entry.name(), entry);
        ALL.add(entry);
    }

    private static ObjectNode repository(Event event) {
        ObjectNode content = JSON.objectNode();
        content.putObject("repository").put("id", ((CommitEvent) event).project());
        return content;
    }

    private static ObjectNode pipelineRun(Event event) {
        RunEvent run = (RunEvent) event;
        return JSON.objectNode()
                .put("pipelineName", run.project() + "/" + run.pipeline())
                .put("uri", uri(run.run()));
    }

    private static ObjectNode runFinished(Event event) {
        RunEvent.RunFinished finished = (RunEvent.RunFinished) event;
        ObjectNode content =
                pipelineRun(finished).put("outcome", finished.outcome().cdEvents());
        finished.reason().ifPresent(reason -> content.put("errors", reason));
        return content;
    }

    private static ObjectNode taskRun(Attempt attempt) {
        ObjectNode content = JSON.objectNode().put("taskName", attempt.job()).put("uri", uri(attempt.run()));
        content.putObject("pipelineRun").put("id", attempt.run().toString());
        return content;
    }

    private static ObjectNode taskFinished(Event event) {
        JobEvent.JobFinished finished = (JobEvent.JobFinished) event;
        ObjectNode content =
                taskRun(finished.attempt()).put("outcome", finished.outcome().cdEvents());
        finished.reason().ifPresent(reason -> content.put("errors", reason));
        return content;
    }

    private static ObjectNode suiteFinished(Event event) {
        TestEvent.SuiteFinished suite = (TestEvent.SuiteFinished) event;
        ObjectNode content = JSON.objectNode().put("outcome", suite.failed() == 0 ? "success" : "failure");
        content.putObject("environment").put("id", suite.attempt().jobId());
        content.putObject("testSuite").put("id", suite.suite()).put("name", suite.suite());
        return content;
    }

    private static ObjectNode caseFinished(Event event) {
        TestEvent.CaseFinished test = (TestEvent.CaseFinished) event;
        ObjectNode content =
                testCase(test, test.name()).put("outcome", test.outcome().cdEvents());
        test.message().ifPresent(message -> content.put("reason", message));
        return content;
    }

    private static ObjectNode caseSkipped(Event event) {
        TestEvent.CaseSkipped test = (TestEvent.CaseSkipped) event;
        ObjectNode content = testCase(test, test.name());
        test.message().ifPresent(message -> content.put("reason", message));
        return content;
    }

    private static ObjectNode testCase(TestEvent test, String name) {
        ObjectNode content = JSON.objectNode();
        content.putObject("environment").put("id", test.attempt().jobId());
        content.putObject("testSuiteRun").put("id", test.attempt().id() + "/" + test.suite());
        content.putObject("testCase").put("id", test.suite() + "." + name).put("name", name);
        return content;
    }

    private static ObjectNode environment(Event event) {
        return JSON.objectNode().put("name", ((DeployEvent) event).environment());
    }

    private static ObjectNode service(String environment, String artifact) {
        ObjectNode content = JSON.objectNode().put("artifactId", artifact);
        content.putObject("environment").put("id", environment);
        return content;
    }

    private static String uri(UUID run) {
        return "urn:uuid:" + run;
    }
}
