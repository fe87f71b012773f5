package dev.flujo.event;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.flujo.event.plan.Approval;
import dev.flujo.event.plan.Concurrency;
import dev.flujo.event.plan.Job;
import dev.flujo.event.plan.Matrix;
import dev.flujo.event.plan.Plan;
import dev.flujo.event.plan.Step;
import dev.flujo.event.plan.Triggers;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** One event of every record, every optional part filled in; what golden files and schema tests work on. */
final class EventSamples {

    static final UUID RUN = UUID.fromString("9d0f0f3e-5c3a-5b44-9f4e-0d9d2f9b6a01");
    static final UUID CHAIN = UUID.fromString("4c8cb7dd-3448-41de-8768-eec704e2829b");
    static final UUID DEPLOYMENT = UUID.fromString("0b6a7c1e-77b1-5a86-8b0a-1f2e3d4c5b6a");
    static final UUID PREVIOUS = UUID.fromString("7f7a2c36-9a0e-5f2b-9c57-aa0b8f1d2e3c");
    static final Instant TIME = Instant.parse("2026-11-23T14:27:05.315384Z");

    static final String PROJECT = "shop";
    static final String SHA256 = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";
    private static final String COMMIT = "8fe4a1c2d3b4a5968778695a4b3c2d1e0f9a8b7c";
    static final Attempt ATTEMPT = new Attempt(RUN, "build", 1);
    static final Attempt DEPLOY = new Attempt(RUN, "release", 2);
    static final Revision REVISION = new Revision(
            Optional.of("https://git.example.com/shop.git"),
            "main",
            Optional.of(COMMIT),
            Optional.of("Sell umbrellas"),
            Optional.of("Ada"),
            Optional.of(TIME.minusSeconds(60)));
    static final Cause CAUSE = new Cause(Cause.Kind.PULL_REQUEST, "ada", "delivery-1", TIME);
    private static final Work WORK = new Work(
            PROJECT,
            "main",
            DEPLOY,
            PlanSamples.RELEASE,
            REVISION,
            Map.of("FLUJO_BRANCH", "main"),
            "ada",
            List.of(new Work.Artifact("build", "target/shop.jar", 1_234_567, SHA256)),
            List.of(new Work.JobOutput("build", new JobEvent.Output("version", 4, SHA256, Optional.of("1.0")))));

    private static final Matrix EXTENDED = new Matrix(
            Map.of("module", List.of("api", "web")), Map.of(), List.of(), Optional.empty(), List.of(), 2, true);

    private EventSamples() {}

    static List<Event> all() {
        return java.util.stream.Stream.of(commands(), runs(), jobs(), pools(), tests(), reports(), deploys(), others())
                .flatMap(List::stream)
                .toList();
    }

    /** A sample in its envelope; facts of the run log are numbered. */
    static Envelope envelope(Event event) {
        long sequence = event instanceof RunEvent || event instanceof JobEvent || event instanceof LockEvent ? 7 : 0;
        return new Envelope(
                DerivedId.of("sample", EventTypes.nameOf(event)).toString(),
                URI.create("/flujo/samples"),
                TIME,
                CHAIN,
                sequence,
                event);
    }

    private static List<Event> commands() {
        return List.of(
                new CommitEvent.CommitPushed(
                        PROJECT,
                        "main",
                        COMMIT,
                        Optional.of("Sell umbrellas"),
                        Optional.of("Ada"),
                        Optional.of(TIME.minusSeconds(60)),
                        "github",
                        TIME,
                        Optional.of(List.of("src/Shop.java"))),
                new CommitEvent.TagPushed(
                        PROJECT, "v1.0", COMMIT, Optional.of("Sell umbrellas"), Optional.of("Ada"), "github", TIME),
                new CommitEvent.PullRequestChanged(
                        PROJECT,
                        7,
                        "opened",
                        "Sell umbrellas",
                        "umbrellas",
                        "main",
                        COMMIT,
                        true,
                        false,
                        List.of("urgent"),
                        "ada",
                        "github",
                        TIME,
                        Optional.of(List.of("src/Shop.java")),
                        Optional.of("1".repeat(40))),
                new CommandEvent.StartRun(
                        PROJECT,
                        RUN,
                        "main",
                        "main",
                        Optional.of(COMMIT),
                        "ada",
                        "key-1",
                        TIME,
                        Map.of("level", "debug"),
                        Optional.of(Map.of("reason", "rebuild"))),
                new CommandEvent.AnswerApproval(
                        PROJECT, RUN, "release", true, "ada", List.of("sre"), Optional.of("seen on staging")),
                new CommandEvent.RerunRun(
                        PROJECT,
                        RUN,
                        new UUID(0, 1),
                        new RunEvent.RunQueued(
                                PROJECT,
                                RUN,
                                "main",
                                "0123456789ab",
                                new Cause(
                                        Cause.Kind.RERUN,
                                        "ada",
                                        new UUID(0, 1).toString(),
                                        TIME,
                                        Optional.of(TIME.minusSeconds(60))),
                                REVISION,
                                new Plan(
                                        "main",
                                        new Triggers(Optional.empty(), true),
                                        Map.of(),
                                        List.of(new Job(
                                                "build",
                                                List.of(),
                                                Map.of(),
                                                List.of(new Step("Compile", "make", Map.of())),
                                                Duration.ofMinutes(10),
                                                List.of(),
                                                List.of(),
                                                Optional.empty())))),
                        Optional.of(new RunEvent.RunHeld(
                                PROJECT, new UUID(0, 1), "main", 7, COMMIT, "it comes from elsewhere")),
                        List.of(new RunEvent.RunExtended(PROJECT, RUN, "main", "list", Optional.empty(), List.of())),
                        List.of(new JobEvent.JobKept(
                                PROJECT,
                                new Attempt(RUN, "list", 1),
                                new Attempt(new UUID(0, 1), "list", 1),
                                List.of(),
                                List.of()))),
                new CommandEvent.CancelRun(PROJECT, RUN, "ada", "not needed"),
                new CommandEvent.ApproveRun(PROJECT, RUN, COMMIT, "ada"),
                new CommandEvent.RejectRun(PROJECT, RUN, COMMIT, "ada", Optional.of("it mines coins")),
                new SignalEvent.RecordReceived(
                        PROJECT,
                        "base-images",
                        3,
                        42,
                        Optional.of("jdk"),
                        Map.of("source", "registry"),
                        Optional.of(Map.of("tag", "21")),
                        TIME),
                new SignalEvent.UpstreamFinished(
                        PROJECT, "library", "main", RUN, Outcome.SUCCEEDED, REVISION, "ada", 1, Optional.empty()),
                new SignalEvent.UpstreamWatched("library", PROJECT, List.of("main")),
                new SignalEvent.RepositorySeen(
                        PROJECT,
                        "gitlab",
                        List.of(new SeenBranch(
                                "main",
                                COMMIT,
                                Optional.of("Sell umbrellas"),
                                Optional.of("Ada"),
                                Optional.of(TIME.minusSeconds(60)))),
                        List.of(new SeenRequest(
                                7,
                                "Sell umbrellas",
                                "umbrellas",
                                "main",
                                COMMIT,
                                true,
                                false,
                                List.of("urgent"),
                                "ada",
                                Optional.of("1".repeat(40)))),
                        TIME),
                new PipelineEvent.PipelineDefined(
                        PROJECT,
                        "main",
                        "0123456789ab",
                        Optional.of("https://git.example.com/shop.git"),
                        "name: main\n",
                        "ada",
                        TIME,
                        Map.of("./java.yml", "name: java\n")),
                new PipelineEvent.TemplateDefined(PROJECT, "java", SHA256, "name: java\n", "ada", TIME),
                new PipelineEvent.PipelineRead(
                        PROJECT,
                        "main",
                        "0123456789ab",
                        Optional.of("https://git.example.com/shop.git"),
                        COMMIT,
                        ".flujo.yml",
                        "name: main\n",
                        "ada",
                        TIME,
                        Map.of("./.flujo/templates/java.yml", "name: java\n")),
                new PipelineEvent.PipelineGone(PROJECT, "main", Optional.of(COMMIT), "ada", TIME),
                new PipelineEvent.SourceDeclared(
                        PROJECT, Optional.of("https://git.example.com/shop.git"), "main", "ada", TIME));
    }

    private static List<Event> runs() {
        return List.of(
                new RunEvent.RunQueued(
                        PROJECT,
                        RUN,
                        "main",
                        "0123456789ab",
                        CAUSE,
                        REVISION,
                        PlanSamples.PLAN,
                        Map.of("level", "debug"),
                        Map.of("labels", List.of("urgent", Map.of("depth", 2)))),
                new RunEvent.RunExtended(
                        PROJECT, RUN, "main", "build", Optional.of(EXTENDED), List.of(PlanSamples.RELEASE)),
                new RunEvent.RunStarted(PROJECT, RUN, "main"),
                new RunEvent.RunCancelling(PROJECT, RUN, "main", "ada", "not needed"),
                new RunEvent.RunFinished(PROJECT, RUN, "main", Outcome.FAILED, Optional.of("job build failed")),
                new RunEvent.RunRefused(PROJECT, RUN, "main", CAUSE, "unknown-pipeline", "Expected a pipeline"),
                new RunEvent.RunQuarantined(PROJECT, RUN, "main", "sequence conflict"),
                new RunEvent.RunHeld(PROJECT, RUN, "main", 7, COMMIT, "it comes from another repository"),
                new RunEvent.RunApproved(PROJECT, RUN, "main", COMMIT, "ada"),
                new RunEvent.RunSkipped(
                        PROJECT,
                        RUN,
                        "main",
                        "0123456789ab",
                        CAUSE,
                        REVISION,
                        "none of the changed files is in its `paths`"),
                new RunEvent.DefinitionRefused(
                        PROJECT,
                        RUN,
                        "main",
                        ".flujo.yml",
                        CAUSE,
                        REVISION,
                        List.of(new RunEvent.Mistake(3, 5, "Expected `steps` in a job, but there are none"))));
    }

    private static List<Event> jobs() {
        return List.of(
                new JobEvent.ApprovalRequested(
                        PROJECT, DEPLOY, new Approval(List.of("group:sre"), 2, true, Duration.ofDays(1)), TIME),
                new JobEvent.JobApproved(PROJECT, DEPLOY, "ada", Optional.of("seen on staging"), TIME),
                new JobEvent.JobRejected(PROJECT, DEPLOY, "bob", Optional.of("not on a Friday"), TIME),
                new JobEvent.JobQueued(PROJECT, ATTEMPT, "default"),
                new JobEvent.JobAssigned(PROJECT, ATTEMPT, "default", "runner-1"),
                new JobEvent.JobStarted(
                        PROJECT,
                        ATTEMPT,
                        "runner-1",
                        TIME,
                        Optional.of(new JobEvent.Image("eclipse-temurin:21", "sha256:" + SHA256)),
                        Optional.of("a container of its own")),
                new JobEvent.StepStarted(PROJECT, ATTEMPT, 0, "Compile", TIME),
                new JobEvent.StepFinished(PROJECT, ATTEMPT, 0, "Compile", Outcome.SUCCEEDED, 0, 42, TIME),
                new JobEvent.ArtifactPublished(PROJECT, ATTEMPT, "target/shop.jar", 1_234_567, SHA256),
                new JobEvent.JobFinished(
                        PROJECT,
                        ATTEMPT,
                        "runner-1",
                        Outcome.FAILED,
                        Optional.of("step Compile ended with exit code 1"),
                        Optional.of(new TestSummary(10, 1, 2, List.of("CartTest.addsUp"))),
                        42,
                        TIME,
                        Optional.of("exit:1"),
                        Optional.of(new JobEvent.Leaves(
                                List.of(new JobEvent.Output("version", 4, SHA256, Optional.of("1.0"))),
                                Optional.of("docs: {steps: [make docs]}")))),
                new JobEvent.DefinitionsRead(
                        PROJECT,
                        ATTEMPT,
                        List.of(new JobEvent.SourceFile(".flujo.yml", "name: main\n")),
                        List.of(new JobEvent.UnreadFile(".flujo/link.yml", "it is a link"))),
                new JobEvent.JobRetrying(PROJECT, ATTEMPT, "exit:1", TIME),
                new JobEvent.JobLost(PROJECT, ATTEMPT, "runner-1", "no heartbeat for 30 s"),
                new JobEvent.JobSkipped(PROJECT, DEPLOY, "build did not succeed"),
                new JobEvent.ApprovalOutdated(PROJECT, DEPLOY, "production", new UUID(0, 1)),
                new JobEvent.JobKept(
                        PROJECT,
                        ATTEMPT,
                        new Attempt(new UUID(0, 1), "build", 2),
                        List.of(new JobEvent.Output("version", 4, SHA256, Optional.of("1.0"))),
                        List.of(new Work.Artifact("build", "target/shop.jar", 1_234_567, SHA256))),
                new JobEvent.JobStopping(PROJECT, ATTEMPT, "timeout"),
                new LockEvent.LockQueued(
                        PROJECT, "environment:production", Claim.of(DEPLOY), Optional.of(Claim.of(ATTEMPT)), 3),
                new LockEvent.LockRequested(
                        PROJECT,
                        "group:shop-main",
                        Claim.of(RUN),
                        Optional.of(new Concurrency("shop-main", 1, Concurrency.Policy.CANCEL_OLDER, true))),
                new LockEvent.LockAcquired(PROJECT, "environment:production", Claim.of(DEPLOY)),
                new LockEvent.LockReleased(PROJECT, "environment:production", Claim.of(DEPLOY), Optional.of(TIME)),
                new LockEvent.LockRefused(
                        PROJECT, "environment:production", Claim.of(DEPLOY), Claim.of(new UUID(0, 1))),
                new LockEvent.LockSuperseded(PROJECT, "group:shop-main", Claim.of(RUN), Claim.of(new UUID(0, 1))));
    }

    private static List<Event> pools() {
        return List.of(
                new QueueEvent.QueueReported(
                        QueueEvent.ofLock(PROJECT, "environment:production"),
                        List.of(Claim.of(DEPLOY)),
                        List.of(Claim.of(ATTEMPT)),
                        1,
                        Optional.of(new QueueEvent.PoolReport(
                                2,
                                8,
                                List.of(List.of("arm64", "linux")),
                                new PoolLimits(Optional.of(4), Map.of(PROJECT, 6)),
                                List.of(PROJECT),
                                Optional.of(Duration.ofSeconds(42))))),
                new PoolEvent.LimitsSet("default", new PoolLimits(Optional.of(4), Map.of(PROJECT, 6)), "ada"),
                new PoolEvent.SlotRequested("deploy", WORK, TIME),
                new PoolEvent.SlotReleased("deploy", DEPLOY),
                new PoolEvent.StopRequested("deploy", PROJECT, DEPLOY, "cancelled"),
                new AssignmentEvent.WorkAssigned("runner-1", WORK, TIME, 30),
                new AssignmentEvent.WorkStopped("runner-1", PROJECT, DEPLOY, "cancelled"),
                new AssignmentEvent.AnalysisAnswered(
                        "deployer-1", DEPLOY, RUN, Outcome.ERRORED, Optional.of("the run that deploys has ended")),
                new RunnerEvent.RunnerAlive("default", "runner-1", 4, List.of("linux"), List.of(ATTEMPT), false),
                new RunnerEvent.RunnerLeft("default", "runner-1"));
    }

    private static List<Event> tests() {
        return List.of(
                new TestEvent.SuiteFinished(PROJECT, ATTEMPT, "CartTest", 10, 1, 2, 1500, TIME),
                new TestEvent.CaseFinished(
                        PROJECT, ATTEMPT, "CartTest", "addsUp", Outcome.FAILED, 12, Optional.of("expected 2")),
                new TestEvent.CaseSkipped(PROJECT, ATTEMPT, "CartTest", "subtracts", Optional.of("later")));
    }

    private static List<Event> reports() {
        ReportEvent.ReportFile file = new ReportEvent.ReportFile("target/report", 4_096, SHA256);
        return List.of(
                new ReportEvent.CoverageMeasured(
                        PROJECT,
                        ATTEMPT,
                        file,
                        "JaCoCo",
                        new ReportEvent.Covered(90, 10),
                        new ReportEvent.Covered(7, 3),
                        List.of(new ReportEvent.FileCoverage("shop/Cart.java", new ReportEvent.Covered(5, 10)))),
                new ReportEvent.FindingsReported(
                        PROJECT,
                        ATTEMPT,
                        file,
                        List.of("Semgrep"),
                        1,
                        2,
                        0,
                        List.of(new ReportEvent.Finding(
                                ReportEvent.Level.ERROR,
                                "sql-injection",
                                "a query is put together from a text of the user",
                                Optional.of("src/Cart.java"),
                                Optional.of(42)))),
                new ReportEvent.ComponentsListed(
                        PROJECT,
                        ATTEMPT,
                        file,
                        "CycloneDX 1.6",
                        12,
                        List.of(new ReportEvent.Component(
                                "jackson-core",
                                Optional.of("2.20.0"),
                                Optional.of("pkg:maven/com.fasterxml.jackson.core/jackson-core@2.20.0")))));
    }

    private static List<Event> deploys() {
        String artifact = PackageUrl.generic(PROJECT, "target/shop.jar", SHA256);
        return List.of(
                new DeployEvent.EnvironmentCreated(PROJECT, "production"),
                new DeployEvent.DeploymentStarted(PROJECT, "production", DEPLOYMENT, DEPLOY, REVISION, "ada"),
                new DeployEvent.ServiceDeployed(
                        PROJECT,
                        "production",
                        DEPLOYMENT,
                        DEPLOY,
                        "main",
                        artifact,
                        REVISION,
                        "ada",
                        "http://localhost:8090",
                        TIME),
                new DeployEvent.ServiceUpgraded(
                        PROJECT,
                        "production",
                        DEPLOYMENT,
                        DEPLOY,
                        "main",
                        artifact,
                        REVISION,
                        "ada",
                        "http://localhost:8090",
                        TIME,
                        PREVIOUS),
                new DeployEvent.ServiceRolledBack(
                        PROJECT,
                        "production",
                        PREVIOUS,
                        DEPLOY,
                        "main",
                        artifact,
                        REVISION,
                        "ada",
                        "http://localhost:8090",
                        TIME,
                        DEPLOYMENT,
                        Optional.of("checkout fails")),
                new DeployEvent.DeploymentFailed(
                        PROJECT,
                        "production",
                        DEPLOYMENT,
                        DEPLOY,
                        REVISION,
                        "ada",
                        "the health check answered 503",
                        Optional.of(PREVIOUS)),
                new DeployEvent.EnvironmentDeleted(
                        PROJECT,
                        "pr-5",
                        PREVIOUS,
                        DEPLOY,
                        REVISION,
                        "ada",
                        "pull request 5 was closed",
                        TIME,
                        Optional.of(DEPLOYMENT)),
                new AnalysisEvent.AnalysisRequested(
                        PROJECT,
                        "production",
                        DEPLOYMENT,
                        DEPLOY,
                        "smoke",
                        "smoke-test",
                        RUN,
                        "http://127.0.0.1:41234",
                        "deployer-1"),
                new DriftEvent.DriftDetected(
                        PROJECT,
                        "production",
                        DEPLOYMENT,
                        List.of(new DriftEvent.Difference(
                                "Deployment shop",
                                "spec.replicas",
                                Optional.of("3"),
                                Optional.of("5"),
                                Optional.of("kubectl-edit"))),
                        false,
                        TIME),
                new ConfigEvent.ConfigGiven(
                        PROJECT,
                        "production",
                        DEPLOYMENT,
                        RUN,
                        List.of(new ConfigEvent.Item("DATABASE_PASSWORD", true, 7, Optional.of(6))),
                        TIME));
    }

    private static List<Event> others() {
        return List.of(
                new LogEvent.LogAppended(PROJECT, ATTEMPT, 0, 3, 101, 2, TIME, "first\nsecond"),
                new AuditEvent.ActionRecorded(
                        Optional.of(PROJECT),
                        "ada",
                        "run.cancel",
                        RUN.toString(),
                        "allowed",
                        Optional.of("over REST"),
                        Optional.of("192.0.2.7"),
                        TIME),
                incident());
    }

    private static CdEvent incident() {
        ObjectNode content = JsonNodeFactory.instance.objectNode().put("description", "Carts are empty");
        content.putObject("environment").put("id", "production");
        content.putObject("service").put("id", "shop/production");
        return new CdEvent(
                "dev.cdevents.incident.detected.0.3.0",
                "incident-1",
                content,
                Optional.of(JsonNodeFactory.instance.objectNode().put("deployment", DEPLOYMENT.toString())));
    }
}
