package dev.flujo.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.flujo.event.AssignmentEvent.WorkStopped;
import dev.flujo.event.DeployEvent.DeploymentFailed;
import dev.flujo.event.DeployEvent.ServiceDeployed;
import dev.flujo.event.DeployEvent.ServiceUpgraded;
import dev.flujo.event.JobEvent.JobFinished;
import dev.flujo.event.Outcome;
import dev.flujo.event.Topic;
import dev.flujo.event.Work;
import dev.flujo.stack.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The service dies at every point between an assignment and its last report. */
@Execution(ExecutionMode.CONCURRENT)
class DeployServiceDiesIT extends ServiceThatDies {

    private static final List<String> POINTS = List.of(
            "deploy.before-intent",
            "deploy.after-intent",
            "deploy.before-apply",
            "deploy.mid-rollout",
            "deploy.after-apply-before-record",
            "deploy.after-record-before-event");

    @Test
    void aDeploymentWhoseServiceDiesAtEveryPointIsAppliedOnceWhileTheOldVersionServes() throws IOException {
        start("none");
        Work first = works.of("c1", "well", PATIENCE);
        assign(first);
        String address = ((ServiceDeployed) report(ServiceDeployed.class, first)).address();
        finished(first);
        long proxy = proxy();
        service.kill();
        Work second = works.of("c2", "well", PATIENCE);
        Load load = Load.light(address);
        try (load) {
            assign(second);
            for (String point : POINTS) {
                start(point);
                assertTrue(Await.until(PATIENCE, () -> !service.alive()), () -> "dies at " + point);
            }
            start("none");

            assertEquals(Outcome.SUCCEEDED, finished(second).outcome());
            assertTrue(Await.until(PATIENCE, () -> load.answered("c2") > 100));
        }

        assertEquals(List.of(), load.failures());
        assertTrue(load.answered("c1") > 100);
        assertEquals(proxy, proxy(), "the proxy outlives its service");
        assertEquals(2, Files.readAllLines(works.witness()).size(), "starts");
        assertEquals(
                1, distinct(second).filter(ServiceUpgraded.class::isInstance).count(), "one report, repeated");
        assertEquals(finished(second).lines(), lines(second), "no line of the log is lost");
        assertTrue(Await.until(PATIENCE, () -> history().equals(List.of("c2 SUCCEEDED", "c1 SUCCEEDED"))));
        assertTrue(Await.until(PATIENCE, () -> applications() == 1), "the old version is ended");
    }

    @Test
    void aDeploymentThatFailedBeforeItsServiceDiedFailsOnce() throws IOException {
        start("deploy.after-record-before-event");
        Work dead = works.of("c1", "dead", PATIENCE);
        assign(dead);
        assertTrue(Await.until(PATIENCE, () -> !service.alive()));

        start("none");

        JobFinished end = finished(dead);
        assertEquals(Outcome.FAILED, end.outcome());
        assertTrue(end.reason().orElseThrow().contains("no database"), end.toString());
        assertEquals(1, Files.readAllLines(works.witness()).size(), "starts");
        assertTrue(distinct(dead).anyMatch(DeploymentFailed.class::isInstance));
        assertTrue(Await.until(PATIENCE, () -> history().equals(List.of("c1 FAILED"))), () -> history()
                .toString());
    }

    @Test
    void aStopIsNotForgottenWithTheService() throws IOException {
        start("none");
        Work slow = works.of("c1", "slow", Duration.ofMinutes(10));
        assign(slow);
        assertTrue(Await.until(PATIENCE, () -> Files.exists(works.witness())));
        log.write(Topic.ASSIGNMENTS, id(), envelope(new WorkStopped(id(), project, slow.attempt(), "by ben")));
        assertTrue(Await.until(PATIENCE, () -> noted(".stop") || noted(".done")));
        service.kill();
        Files.createFile(works.go());

        start("none");

        assertEquals(Outcome.CANCELLED, finished(slow).outcome());
    }
}
