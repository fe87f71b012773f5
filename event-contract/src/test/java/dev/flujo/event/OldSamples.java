package dev.flujo.event;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.flujo.event.AssignmentEvent.WorkAssigned;
import dev.flujo.event.CommandEvent.StartRun;
import dev.flujo.event.CommitEvent.CommitPushed;
import dev.flujo.event.CommitEvent.PullRequestChanged;
import dev.flujo.event.JobEvent.Image;
import dev.flujo.event.JobEvent.JobFinished;
import dev.flujo.event.JobEvent.JobStarted;
import dev.flujo.event.LockEvent.LockAcquired;
import dev.flujo.event.LockEvent.LockQueued;
import dev.flujo.event.LockEvent.LockReleased;
import dev.flujo.event.LockEvent.LockRequested;
import dev.flujo.event.PipelineEvent.PipelineDefined;
import dev.flujo.event.PoolEvent.SlotRequested;
import dev.flujo.event.QueueEvent.QueueReported;
import dev.flujo.event.RunEvent.RunQueued;
import dev.flujo.event.RunEvent.RunRefused;
import dev.flujo.event.plan.Deploy;
import dev.flujo.event.plan.HealthCheck;
import dev.flujo.event.plan.Job;
import dev.flujo.event.plan.Plan;
import dev.flujo.event.plan.Step;
import dev.flujo.event.plan.Triggers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What the golden files of superseded versions say: plans and causes as they were at version 0.1.0. */
final class OldSamples {

    private static final Cause CAUSE = new Cause(Cause.Kind.PUSH, "ada", "delivery-1", EventSamples.TIME);
    private static final Job BUILD = new Job(
            "build",
            List.of(),
            Map.of("LEVEL", "3.10"),
            List.of(new Step("Compile", "mvn -B package", Map.of("MAVEN_OPTS", "-Xmx512m"))),
            Duration.ofMinutes(10),
            List.of("target/shop.jar"),
            List.of("target/surefire-reports/*.xml"),
            Optional.empty());
    private static final Job RELEASE = new Job(
            "release",
            List.of("build"),
            Map.of(),
            List.of(),
            Duration.ofMinutes(5),
            List.of(),
            List.of(),
            Optional.of(new Deploy(
                    "production", "build", "java -jar shop.jar", new HealthCheck("/health", Duration.ofSeconds(30)))));
    private static final Plan PLAN = new Plan(
            "main",
            new Triggers(Optional.of(new Triggers.Push(List.of("main", "release/*"))), true),
            Map.of("CI", "true"),
            List.of(BUILD, RELEASE));
    private static final Work WORK = new Work(
            EventSamples.PROJECT,
            "main",
            EventSamples.DEPLOY,
            RELEASE,
            EventSamples.REVISION,
            Map.of("FLUJO_BRANCH", "main"),
            "ada",
            List.of(new Work.Artifact("build", "target/shop.jar", 1_234_567, EventSamples.SHA256)));

    /** What is written today, but that deployments could not ask for the settings and secrets of their environment. */
    private static final Set<String> BEFORE_CONFIG = Set.of(
            "dev.cdevents.pipelinerun.queued.0.3.0-flujo.0.2.0",
            "dev.cdeventsx.flujo-run.extended.0.1.0",
            "dev.cdeventsx.flujo-run.rerunrequested.0.1.0",
            "dev.cdeventsx.flujo-slot.requested.0.2.0",
            "dev.cdeventsx.flujo-work.assigned.0.2.0");

    /** The same, but that jobs could not ask for submodules and large files. */
    private static final Set<String> BEFORE_CHECKOUT = Set.of(
            "dev.cdevents.pipelinerun.queued.0.3.0-flujo.0.3.0",
            "dev.cdeventsx.flujo-run.extended.0.2.0",
            "dev.cdeventsx.flujo-run.rerunrequested.0.2.0",
            "dev.cdeventsx.flujo-slot.requested.0.3.0",
            "dev.cdeventsx.flujo-work.assigned.0.3.0");

    private OldSamples() {}

    private static Event before(Class<? extends Event> record, boolean config) {
        Event today = EventSamples.all().stream()
                .filter(record::isInstance)
                .findFirst()
                .orElseThrow();
        EventCodec codec = new EventCodec();
        ObjectNode json = codec.toJson(EventSamples.envelope(today));
        json.findParents("checkout").forEach(supplies -> ((ObjectNode) supplies).remove("checkout"));
        if (!config) {
            json.findParents("from").stream()
                    .filter(parent -> parent.has("start") && parent.has("health"))
                    .forEach(deploy -> ((ObjectNode) deploy).remove("config"));
        }
        return ((Decoded.Known) codec.decode(json)).envelope().event();
    }

    /** What was written by this version of the record. */
    static Event of(String version, Class<? extends Event> record) {
        if (BEFORE_CONFIG.contains(version)) {
            return before(record, false);
        }
        if (BEFORE_CHECKOUT.contains(version)) {
            return before(record, true);
        }
        if (version.equals("dev.cdevents.taskrun.started.0.3.0-flujo.0.2.0")) {
            return new JobStarted(
                    EventSamples.PROJECT,
                    EventSamples.ATTEMPT,
                    "runner-1",
                    EventSamples.TIME,
                    Optional.of(new Image("eclipse-temurin:21", "sha256:" + EventSamples.SHA256)),
                    Optional.empty());
        }
        if (record == RunQueued.class) {
            return new RunQueued(
                    EventSamples.PROJECT, EventSamples.RUN, "main", "0123456789ab", CAUSE, EventSamples.REVISION, PLAN);
        }
        if (record == StartRun.class) {
            return new StartRun(
                    EventSamples.PROJECT,
                    EventSamples.RUN,
                    "main",
                    "main",
                    EventSamples.REVISION.commit(),
                    "ada",
                    "key-1",
                    EventSamples.TIME);
        }
        if (record == JobStarted.class) {
            return new JobStarted(EventSamples.PROJECT, EventSamples.ATTEMPT, "runner-1", EventSamples.TIME);
        }
        if (record == JobFinished.class) {
            return new JobFinished(
                    EventSamples.PROJECT,
                    EventSamples.ATTEMPT,
                    "runner-1",
                    Outcome.FAILED,
                    Optional.of("step Compile ended with exit code 1"),
                    Optional.of(new TestSummary(10, 1, 2, List.of("CartTest.addsUp"))),
                    42,
                    EventSamples.TIME);
        }
        if (record == QueueReported.class) {
            return new QueueReported(
                    QueueEvent.ofLock(EventSamples.PROJECT, "environment:production"),
                    List.of(Claim.of(EventSamples.DEPLOY)),
                    List.of(Claim.of(EventSamples.ATTEMPT)),
                    1,
                    Optional.empty());
        }
        if (record == CommitPushed.class) {
            return new CommitPushed(
                    EventSamples.PROJECT,
                    "main",
                    EventSamples.REVISION.commit().orElseThrow(),
                    EventSamples.REVISION.message(),
                    EventSamples.REVISION.author(),
                    EventSamples.REVISION.committedAt(),
                    "github",
                    EventSamples.TIME);
        }
        if (record == PullRequestChanged.class) {
            return new PullRequestChanged(
                    EventSamples.PROJECT,
                    7,
                    "opened",
                    "Sell umbrellas",
                    "umbrellas",
                    "main",
                    EventSamples.REVISION.commit().orElseThrow(),
                    true,
                    false,
                    List.of("urgent"),
                    "ada",
                    "github",
                    EventSamples.TIME,
                    Optional.of(List.of("src/Shop.java")));
        }
        if (record == PipelineDefined.class) {
            return new PipelineDefined(
                    EventSamples.PROJECT,
                    "main",
                    "0123456789ab",
                    EventSamples.REVISION.repository(),
                    "name: main\n",
                    "ada",
                    EventSamples.TIME);
        }
        if (record == RunRefused.class) {
            return new RunRefused(
                    EventSamples.PROJECT, EventSamples.RUN, "main", CAUSE, "unknown-pipeline", "Expected a pipeline");
        }
        if (record == LockRequested.class) {
            return new LockRequested(EventSamples.PROJECT, "production", EventSamples.DEPLOY, Optional.empty());
        }
        if (record == LockQueued.class) {
            return new LockQueued(
                    EventSamples.PROJECT,
                    "production",
                    EventSamples.RUN,
                    Optional.of(EventSamples.DEPLOY),
                    Optional.of(Claim.of(EventSamples.RUN)),
                    Optional.empty());
        }
        if (record == LockAcquired.class) {
            return new LockAcquired(EventSamples.PROJECT, "production", Claim.of(EventSamples.DEPLOY));
        }
        if (record == LockReleased.class) {
            return new LockReleased(
                    EventSamples.PROJECT, "production", Claim.of(EventSamples.DEPLOY), Optional.empty());
        }
        if (record == SlotRequested.class) {
            return new SlotRequested("deploy", WORK, EventSamples.TIME);
        }
        if (record == WorkAssigned.class) {
            return new WorkAssigned("runner-1", WORK, EventSamples.TIME, 30);
        }
        throw new AssertionError("no old sample of " + record);
    }
}
