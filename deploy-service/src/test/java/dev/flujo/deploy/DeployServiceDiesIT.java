package dev.flujo.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.flujo.event.AssignmentEvent.WorkAssigned;
import dev.flujo.event.AssignmentEvent.WorkStopped;
import dev.flujo.event.DeployEvent.DeploymentFailed;
import dev.flujo.event.DeployEvent.ServiceDeployed;
import dev.flujo.event.DeployEvent.ServiceUpgraded;
import dev.flujo.event.Envelope;
import dev.flujo.event.Event;
import dev.flujo.event.JobEvent.JobFinished;
import dev.flujo.event.LogEvent.LogAppended;
import dev.flujo.event.Outcome;
import dev.flujo.event.Topic;
import dev.flujo.event.Work;
import dev.flujo.stack.Await;
import dev.flujo.stack.ServerProcess;
import dev.flujo.stack.TestClient;
import dev.flujo.stack.TestLog;
import dev.flujo.stack.TestServers;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The packaged service as a process, because it has to die: at every point between an assignment and its last report. */
class DeployServiceDiesIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final List<String> POINTS = List.of(
            "deploy.before-intent",
            "deploy.after-intent",
            "deploy.before-apply",
            "deploy.mid-rollout",
            "deploy.after-apply-before-record",
            "deploy.after-record-before-event");

    private final String project = "shop-" + UUID.randomUUID();
    private final int port = Await.freePort();
    private Path directory;
    private ServerProcess service;
    private Map<String, String> configuration;
    private TestLog log;
    private Works works;

    @BeforeEach
    void begin() throws IOException {
        directory = Files.createTempDirectory("flujo-deploy");
        works = new Works(project, directory);
        service = new ServerProcess("deploy-service", directory.resolve("run"), directory.resolve("logs"));
        configuration = DeployServers.configuration(directory, TestServers.shared(), Await.freePort());
        log = new TestLog(TestServers.shared().kafka().bootstrapServers());
    }

    @AfterEach
    void end() {
        log.close();
        service.kill();
        Leftovers.end(directory);
    }

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
        Load load = new Load(address);
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

    private void start(String failpoint) throws IOException {
        Map<String, String> environment = new HashMap<>();
        configuration.forEach((name, value) ->
                environment.put(name.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_'), value));
        environment.put("FLUJO_DEPLOY_FAILPOINT", failpoint);
        environment.put("QUARKUS_HTTP_PORT", Integer.toString(port));
        Path jar = Path.of("target", "quarkus-app", "quarkus-run.jar").toAbsolutePath();
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        service.kill();
        service.start(new ServerProcess.Launch(
                List.of(java, "-Xmx128m", "-XX:TieredStopAtLevel=1", "-jar", jar.toString()), environment, directory));
        assertTrue(
                Await.until(PATIENCE, () -> !service.alive() || Files.exists(directory.resolve("deploy/launch.sh"))),
                () -> service.lastLines(20));
    }

    private String id() {
        Path file = directory.resolve("deploy/deployer-id");
        assertTrue(Await.until(PATIENCE, () -> Files.exists(file)));
        try {
            return Files.readString(file).trim();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private void assign(Work work) {
        log.write(Topic.ASSIGNMENTS, id(), envelope(new WorkAssigned(id(), work, Instant.now(), 120)));
    }

    private static Envelope envelope(Event event) {
        return Envelope.of(UUID.randomUUID().toString(), URI.create("/test"), Instant.now(), UUID.randomUUID(), event);
    }

    private Stream<Event> distinct(Work work) {
        return log.events(Topic.DEPLOYS).stream()
                .map(Envelope::event)
                .filter(event -> event.toString().contains(work.attempt().toString()))
                .distinct();
    }

    private Event report(Class<? extends Event> kind, Work work) {
        assertTrue(
                Await.until(PATIENCE, () -> distinct(work).anyMatch(kind::isInstance)),
                () -> kind + ": " + service.lastLines(20));
        return distinct(work).filter(kind::isInstance).findFirst().orElseThrow();
    }

    private JobFinished finished(Work work) {
        return (JobFinished) report(JobFinished.class, work);
    }

    /** How many different lines the log of the attempt has; a repeated one is the same. */
    private long lines(Work work) {
        return log.events(Topic.LOGS).stream()
                .map(Envelope::event)
                .filter(event ->
                        event instanceof LogAppended line && line.attempt().equals(work.attempt()))
                .map(event -> ((LogAppended) event).firstLine() + ((LogAppended) event).text())
                .distinct()
                .count();
    }

    private List<String> history() {
        TestClient client =
                TestClient.anonymous(URI.create("http://127.0.0.1:" + port)).with(DeployServers.TOKEN);
        List<String> entries = new ArrayList<>();
        client.get("/api/v1/environments/" + project + "/production/history")
                .json()
                .path("items")
                .forEach(entry -> entries.add(entry.path("commit").asText() + " "
                        + entry.path("state").asText()));
        return entries;
    }

    private long proxy() throws IOException {
        return Long.parseLong(
                Files.readString(directory.resolve("deploy/proxy/pid")).split(" ", -1)[0]);
    }

    private long applications() {
        return ProcessHandle.allProcesses()
                .filter(process -> process.info()
                        .commandLine()
                        .filter(line -> line.contains(TestApplication.class.getName()))
                        .isPresent())
                .filter(process -> worksIn(process, directory.resolve("deploy/environments")))
                .count();
    }

    private static boolean worksIn(ProcessHandle process, Path place) {
        try {
            return Files.readSymbolicLink(Path.of("/proc", Long.toString(process.pid()), "cwd"))
                    .startsWith(place);
        } catch (IOException endedMeanwhile) {
            return false;
        }
    }

    private boolean noted(String ending) {
        try (Stream<Path> files = Files.list(directory.resolve("deploy/intents"))) {
            return files.anyMatch(file -> file.toString().endsWith(ending));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
