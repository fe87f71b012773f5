package dev.flujo.deploy;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.flujo.event.AssignmentEvent.WorkAssigned;
import dev.flujo.event.Envelope;
import dev.flujo.event.Event;
import dev.flujo.event.JobEvent.JobFinished;
import dev.flujo.event.LogEvent.LogAppended;
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

/** The packaged service as a process, because it has to die. */
abstract class ServiceThatDies {

    static final Duration PATIENCE = Duration.ofSeconds(60);
    final String project = "shop-" + UUID.randomUUID();
    final int port = Await.freePort();
    Path directory;
    ServerProcess service;
    Map<String, String> configuration;
    TestLog log;
    Works works;

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

    void start(String failpoint) throws IOException {
        Map<String, String> environment = new HashMap<>();
        configuration.forEach((name, value) ->
                environment.put(name.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_'), value));
        environment.put("FLUJO_DEPLOY_FAILPOINT", failpoint);
        // Who shares a group with services that die around it waits for each of them.
        environment.put("MP_MESSAGING_INCOMING_DEPLOYS_GROUP_ID", "flujo-environments-" + project);
        environment.put("QUARKUS_HTTP_PORT", Integer.toString(port));
        Path jar = Path.of("target", "quarkus-app", "quarkus-run.jar").toAbsolutePath();
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        service.kill();
        service.start(new ServerProcess.Launch(
                List.of(java, "-Xmx128m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-jar", jar.toString()),
                environment,
                directory));
        assertTrue(
                Await.until(PATIENCE, () -> !service.alive() || Files.exists(directory.resolve("deploy/launch.sh"))),
                () -> service.lastLines(20));
    }

    String id() {
        Path file = directory.resolve("deploy/deployer-id");
        assertTrue(Await.until(PATIENCE, () -> Files.exists(file)));
        try {
            return Files.readString(file).trim();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    void assign(Work work) {
        log.write(Topic.ASSIGNMENTS, id(), envelope(new WorkAssigned(id(), work, Instant.now(), 120)));
    }

    static Envelope envelope(Event event) {
        return Envelope.of(UUID.randomUUID().toString(), URI.create("/test"), Instant.now(), UUID.randomUUID(), event);
    }

    Stream<Event> distinct(Work work) {
        return log.events(Topic.DEPLOYS).stream()
                .map(Envelope::event)
                .filter(event -> event.toString().contains(work.attempt().toString()))
                .distinct();
    }

    Event report(Class<? extends Event> kind, Work work) {
        assertTrue(
                Await.until(PATIENCE, () -> distinct(work).anyMatch(kind::isInstance)),
                () -> kind + ": " + service.lastLines(20));
        return distinct(work).filter(kind::isInstance).findFirst().orElseThrow();
    }

    JobFinished finished(Work work) {
        return (JobFinished) report(JobFinished.class, work);
    }

    /** How many different lines the log of the attempt has; a repeated one is the same. */
    long lines(Work work) {
        return log.events(Topic.LOGS).stream()
                .map(Envelope::event)
                .filter(event ->
                        event instanceof LogAppended line && line.attempt().equals(work.attempt()))
                .map(event -> ((LogAppended) event).firstLine() + ((LogAppended) event).text())
                .distinct()
                .count();
    }

    /** Returns when the restarted service answers. */
    void awaitAnswers() {
        assertTrue(Await.until(PATIENCE, () -> Await.listening(port)), () -> service.lastLines(20));
    }

    /** Whether the service has taken on what it was asked for; false where it does not answer, or not yet. */
    boolean asked(String what, String body) {
        try {
            return TestClient.anonymous(URI.create("http://127.0.0.1:" + port))
                            .with(DeployServers.TOKEN)
                            .post("/api/v1/environments/" + project + "/production/" + what, body)
                            .status()
                    == 202;
        } catch (RuntimeException notYetOrNotAnyMore) {
            return false;
        }
    }

    List<String> history() {
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

    long proxy() throws IOException {
        return Long.parseLong(
                Files.readString(directory.resolve("deploy/proxy/pid")).split(" ", -1)[0]);
    }

    long applications() {
        return ProcessHandle.allProcesses()
                .filter(process -> process.info()
                        .commandLine()
                        .filter(line -> line.contains(TestApplication.class.getName()))
                        .isPresent())
                .filter(process -> worksIn(process, directory.resolve("deploy/environments")))
                .count();
    }

    static boolean worksIn(ProcessHandle process, Path place) {
        try {
            return Files.readSymbolicLink(Path.of("/proc", Long.toString(process.pid()), "cwd"))
                    .startsWith(place);
        } catch (IOException endedMeanwhile) {
            return false;
        }
    }

    boolean noted(String ending) {
        try (Stream<Path> files = Files.list(directory.resolve("deploy/intents"))) {
            return files.anyMatch(file -> file.toString().endsWith(ending));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
