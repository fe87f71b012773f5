package dev.flujo.metrics;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.flujo.event.Attempt;
import dev.flujo.event.Cause;
import dev.flujo.event.CdEvent;
import dev.flujo.event.Claim;
import dev.flujo.event.DeployEvent;
import dev.flujo.event.DerivedId;
import dev.flujo.event.Envelope;
import dev.flujo.event.Event;
import dev.flujo.event.JobEvent;
import dev.flujo.event.LockEvent;
import dev.flujo.event.Outcome;
import dev.flujo.event.Revision;
import dev.flujo.event.RunEvent;
import dev.flujo.event.TestSummary;
import dev.flujo.event.plan.Deploy;
import dev.flujo.event.plan.HealthCheck;
import dev.flujo.event.plan.Job;
import dev.flujo.event.plan.Plan;
import dev.flujo.event.plan.Step;
import dev.flujo.event.plan.Triggers;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Tells the events of runs and environments of one project, with times to the millisecond. */
final class Story {

    static final String PIPELINE = "main";

    final String project;
    private final URI orchestrator = URI.create("/flujo/pipeline-service");
    private final URI deployer = URI.create("/flujo/deploy-service");

    Story(String project) {
        this.project = project;
    }

    /** The accepted facts of a run that takes up a commit 60 s old at {@code received} and deploys it 25 s later. */
    List<Envelope> run(String commit, Instant received, Outcome outcome) {
        UUID run = runId(commit);
        Attempt build = new Attempt(run, "build", 1);
        Attempt release = new Attempt(run, "release", 1);
        List<Envelope> log = new ArrayList<>();
        at(
                log,
                received,
                20,
                new RunEvent.RunQueued(
                        project, run, PIPELINE, "0123456789ab", cause(received), revision(commit, received), plan()));
        at(log, received, 20, new JobEvent.JobQueued(project, build, "default"));
        at(log, received, 900, new JobEvent.JobAssigned(project, build, "default", "runner-1"));
        at(log, received, 1_000, new JobEvent.JobStarted(project, build, "runner-1", received.plusMillis(990)));
        at(log, received, 1_000, new RunEvent.RunStarted(project, run, PIPELINE));
        at(log, received, 2_000, new JobEvent.StepStarted(project, build, 0, "Compile", received.plusMillis(1_990)));
        at(log, received, 10_000, finished(build, 0, "Compile", received.plusMillis(9_990)));
        at(
                log,
                received,
                10_000,
                new JobEvent.StepStarted(project, build, 1, "Unit tests", received.plusMillis(9_995)));
        at(log, received, 15_000, finished(build, 1, "Unit tests", received.plusMillis(14_990)));
        at(
                log,
                received,
                16_000,
                jobFinished(build, outcome, Optional.of(new TestSummary(3, 0, 0, List.of())), received));
        if (outcome == Outcome.SUCCEEDED) {
            at(
                    log,
                    received,
                    16_000,
                    new LockEvent.LockQueued(
                            project, "environment:production", Claim.of(release), Optional.empty(), 1));
            at(log, received, 20_000, new LockEvent.LockAcquired(project, "environment:production", Claim.of(release)));
            at(log, received, 20_000, new JobEvent.JobQueued(project, release, "deploy"));
            at(
                    log,
                    received,
                    21_000,
                    new JobEvent.JobStarted(project, release, "deployer-1", received.plusMillis(20_990)));
            at(log, received, 26_000, jobFinished(release, outcome, Optional.empty(), received));
        }
        at(log, received, 26_000, new RunEvent.RunFinished(project, run, PIPELINE, outcome, Optional.empty()));
        return log;
    }

    /** The commit of {@link #run} begins to serve. */
    Envelope deployed(String environment, String commit, Instant received) {
        return deployed(environment, commit, received, revision(commit, received));
    }

    /** The same with a revision of its own. */
    Envelope deployed(String environment, String commit, Instant received, Revision revision) {
        return fact(
                commit,
                received.plusMillis(25_050),
                new DeployEvent.ServiceUpgraded(
                        project,
                        environment,
                        deploymentId(environment, commit),
                        new Attempt(runId(commit), "release", 1),
                        PIPELINE,
                        "pkg:generic/" + project + "/app.jar@" + commit,
                        revision,
                        "ada",
                        "http://localhost:8090",
                        received.plusMillis(25_000),
                        UUID.fromString("00000000-0000-4000-8000-000000000000")));
    }

    Envelope givenUp(String environment, String commit, Instant at) {
        return fact(
                commit,
                at,
                new DeployEvent.DeploymentFailed(
                        project,
                        environment,
                        deploymentId(environment, commit),
                        new Attempt(runId(commit), "release", 1),
                        revision(commit, at),
                        "ana",
                        "health check",
                        Optional.empty()));
    }

    Envelope detected(String incident, String environment, Instant at, Optional<UUID> deployment) {
        return foreign("incident.detected", incident, environment, at, deployment, incident);
    }

    /** An incident that another tool put on the chain of a commit. */
    Envelope detectedOnChain(String incident, String environment, Instant at, String commit) {
        return foreign("incident.detected", incident, environment, at, Optional.empty(), commit);
    }

    Envelope resolved(String incident, String environment, Instant at, Optional<UUID> deployment) {
        return foreign("incident.resolved", incident, environment, at, deployment, incident);
    }

    Envelope rolledBack(String environment, Instant at) {
        return foreign("service.rolledback", project + "/" + environment, environment, at, Optional.empty(), "undo");
    }

    UUID runId(String commit) {
        return DerivedId.run(project, PIPELINE, commit);
    }

    UUID deploymentId(String environment, String commit) {
        return DerivedId.deployment(runId(commit), "release", environment);
    }

    Revision revision(String commit, Instant received) {
        return revision(commit, "main", "Work", Optional.of(received.minusSeconds(60)));
    }

    static Revision revision(String commit, String branch, String message, Optional<Instant> committedAt) {
        return new Revision(
                Optional.empty(), branch, Optional.of(commit), Optional.of(message), Optional.of("Ada"), committedAt);
    }

    private Envelope foreign(
            String name, String subject, String environment, Instant at, Optional<UUID> deployment, String chain) {
        ObjectNode content = JsonNodeFactory.instance.objectNode();
        content.putObject("environment").put("id", project + "/" + environment);
        content.put("artifactId", "pkg:generic/other");
        CdEvent event = new CdEvent(
                "dev.cdevents." + name + ".0.3.0", subject, content, deployment.map(id -> JsonNodeFactory.instance
                        .objectNode()
                        .put("deployment", id.toString())));
        return Envelope.of(
                DerivedId.of(name, subject, at.toString()).toString(),
                URI.create("/pager"),
                at,
                DerivedId.of("chain", chain),
                event);
    }

    private Envelope fact(String commit, Instant at, Event event) {
        return Envelope.of(
                DerivedId.of(
                                "fact",
                                project,
                                commit,
                                at.toString(),
                                event.subject(),
                                event.getClass().getName())
                        .toString(),
                deployer,
                at,
                DerivedId.of("chain", commit),
                event);
    }

    private void at(List<Envelope> log, Instant start, long millis, Event event) {
        Instant time = start.plusMillis(millis);
        int sequence = log.size() + 1;
        String id = DerivedId.of("run", project, start.toString(), Integer.toString(sequence), event.subject())
                .toString();
        log.add(new Envelope(id, orchestrator, time, DerivedId.of("chain", start.toString()), sequence, event));
    }

    private JobEvent.StepFinished finished(Attempt attempt, int step, String name, Instant at) {
        return new JobEvent.StepFinished(project, attempt, step, name, Outcome.SUCCEEDED, 0, 10, at);
    }

    private JobEvent.JobFinished jobFinished(
            Attempt attempt, Outcome outcome, Optional<TestSummary> tests, Instant at) {
        return new JobEvent.JobFinished(project, attempt, "runner-1", outcome, Optional.empty(), tests, 10, at);
    }

    private static Cause cause(Instant received) {
        return new Cause(Cause.Kind.PUSH, "ada", "delivery-" + received, received);
    }

    private static Plan plan() {
        Job build = new Job(
                "build",
                List.of(),
                Map.of(),
                List.of(new Step("Compile", "make", Map.of()), new Step("Unit tests", "make check", Map.of())),
                Duration.ofMinutes(10),
                List.of("app.jar"),
                List.of("reports/*.xml"),
                Optional.empty());
        Job release = new Job(
                "release",
                List.of("build"),
                Map.of(),
                List.of(),
                Duration.ofMinutes(5),
                List.of(),
                List.of(),
                Optional.of(new Deploy(
                        "production", "build", "java -jar app.jar", new HealthCheck("/", Duration.ofSeconds(30)))));
        return new Plan(PIPELINE, new Triggers(Optional.empty(), true), Map.of(), List.of(build, release));
    }
}
