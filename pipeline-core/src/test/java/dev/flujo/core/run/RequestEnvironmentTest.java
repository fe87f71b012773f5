package dev.flujo.core.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.flujo.core.plan.PlanReader;
import dev.flujo.core.plan.PlanReading;
import dev.flujo.event.Cause;
import dev.flujo.event.Revision;
import dev.flujo.event.RunEvent.RunQueued;
import dev.flujo.event.Work;
import dev.flujo.event.plan.Environment;
import dev.flujo.event.plan.Plan;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Which jobs are told of which pull request they have an environment. */
class RequestEnvironmentTest {

    private static final String FILE =
            """
            name: preview
            on: {pull_request: {types: [opened, synchronize, closed]}}
            jobs:
              show:
                environment: {name: "NAME", url: "https://${{ event.number }}.example.com"}
                steps: [./show]
            """;

    @Test
    void aJobOnAnEnvironmentThatIsNamedForTheRunKnowsItsPullRequest() {
        Work work = work("pr-${{ event.number }}", Cause.Kind.PULL_REQUEST, Map.of("number", 5, "action", "opened"));

        assertEquals("5", work.env().get(Work.PULL_REQUEST));
        assertEquals(
                new Environment("pr-5", Optional.of("https://5.example.com"), Optional.empty()),
                work.job().gate().environment().orElseThrow());
        assertEquals(
                "5",
                work("pr-${{ event.number }}", Cause.Kind.RERUN, Map.of("number", 5L))
                        .env()
                        .get(Work.PULL_REQUEST));
    }

    @Test
    void anEnvironmentThatOthersHaveTooIsNoPullRequests() {
        assertEquals(Optional.empty(), told("staging", Map.of("number", 5, "action", "opened")));
    }

    @Test
    void aRequestThatIsClosedHasNoEnvironment() {
        assertEquals(Optional.empty(), told("pr-${{ event.number }}", Map.of("number", 5, "action", "closed")));
    }

    @Test
    void aRunThatNoPullRequestHasStartedHasNone() {
        assertEquals(Optional.empty(), told("branch-${{ event.branch }}", Map.of("branch", "main")));
    }

    @Test
    void jobsAfterADeploymentMayAskForItsUrlAndForNothingElse() {
        String file =
                """
                name: preview
                on: pull_request
                jobs:
                  build: {steps: [make], artifacts: {paths: [out/**]}}
                  show: {needs: build, deploy: {environment: staging, from: build, start: ./out/shop}}
                  smoke: {needs: show, env: {URL: "${{ needs.show.outputs.OUTPUT }}"}, steps: [./smoke]}
                """;

        assertInstanceOf(PlanReading.Readable.class, PlanReader.read(file.replace("OUTPUT", "url")));
        assertInstanceOf(PlanReading.Refused.class, PlanReader.read(file.replace("OUTPUT", "address")));
    }

    private static Optional<String> told(String name, Map<String, Object> event) {
        return Optional.ofNullable(
                work(name, Cause.Kind.PULL_REQUEST, event).env().get(Work.PULL_REQUEST));
    }

    private static Work work(String name, Cause.Kind kind, Map<String, Object> event) {
        Plan plan = ((PlanReading.Readable) PlanReader.read(FILE.replace("NAME", name))).plan();
        Revision revision = new Revision(
                Optional.empty(), "more", Optional.of("c1"), Optional.empty(), Optional.empty(), Optional.empty());
        Cause cause = new Cause(kind, "ada", "delivery-1", Instant.parse("2026-03-01T00:00:00Z"));
        RunQueued queued = new RunQueued(
                "shop", new UUID(1, 2), "preview", "0123456789ab", cause, revision, plan, Map.of(), event);
        Run run = Run.begun(queued);
        return run.work(run.plan().jobs().get(0));
    }
}
