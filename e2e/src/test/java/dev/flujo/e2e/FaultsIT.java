package dev.flujo.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.flujo.stack.Await;
import dev.flujo.stack.LocalStack;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The whole platform, its parts killed while it works; a witness outside of it counts what was really executed. */
class FaultsIT {

    private static final long SEED = Long.getLong("flujo.seed", 20261124L);
    private static final Duration TO_END = Duration.ofMinutes(3);

    private static SharedStack shared;
    private static LocalStack stack;
    private static Client client;
    private static Invariants invariants;
    private static RunLogs logs;

    private Witness witness;
    private String project;

    @BeforeAll
    static void up() {
        System.out.println("seed " + SEED + " (-Dflujo.seed=" + SEED + " repeats this run)");
        shared = SharedStack.get();
        stack = shared.stack();
        client = new Client(stack.url(), stack.adminToken());
        invariants = new Invariants(client);
        logs = new RunLogs(stack.kafka().bootstrapServers());
    }

    @BeforeEach
    void begin() {
        project = "p" + UUID.randomUUID().toString().substring(0, 8);
        witness = new Witness(shared.outside().resolve(project + ".witness"));
    }

    @Test
    void pipelineServiceKilledTenTimesInFiftyRuns() {
        define("1");
        Random random = new Random(SEED);
        List<String> runs = new ArrayList<>();
        for (int kill = 0; kill < 10; kill++) {
            for (int i = 0; i < 5; i++) {
                runs.add(client.start(project, "main", "{\"branch\":\"main\"}"));
            }
            pause(Duration.ofMillis(random.nextInt(1500)));
            stack.service("pipeline-service").process().kill();
            stack.service("pipeline-service").start();
            stack.service("pipeline-service").awaitReady();
        }

        endWell(runs, 1);
    }

    @Test
    void pipelineServiceKilledWhileJobsWaitForApproval() {
        client.submit(
                project,
                "main",
                "",
                """
                name: main
                on: manual
                env: {WITNESS: "%1$s"}
                jobs:
                  one: {approval: {expires: 1h}, steps: [{name: witness, run: '%2$s; %3$s'}]}
                  two: {approval: {count: 2}, steps: [{name: witness, run: '%2$s; %3$s'}]}
                """
                        .formatted(witness.file(), Witness.command("begun"), Witness.command("ended")));
        Client bob = client.as("bob");
        Client eve = client.as("eve");
        String run = client.start(project, "main", "{\"branch\":\"main\"}");
        awaitJobs(run, "APPROVING");
        assertEquals(202, bob.status("POST", "/api/v1/runs/" + run + "/jobs/two/approve", "{}"));

        stack.service("pipeline-service").process().kill();
        stack.service("pipeline-service").start();
        stack.service("pipeline-service").awaitReady();

        awaitJobs(run, "APPROVING");
        assertEquals(List.of(), witness.lines(), "nothing runs that not all have approved");
        assertEquals(202, bob.status("POST", "/api/v1/runs/" + run + "/jobs/two/approve", "{}"));
        assertEquals(202, eve.status("POST", "/api/v1/runs/" + run + "/jobs/two/approve", "{}"));
        assertEquals(202, eve.status("POST", "/api/v1/runs/" + run + "/jobs/one/approve", "{}"));
        endWell(List.of(run), 2);
        List<JsonNode> events = client.events(run);
        assertEquals(2, Invariants.count(events, "dev.cdeventsx.flujo-job.approvalrequested."), "requests");
        assertEquals(3, Invariants.count(events, "dev.cdeventsx.flujo-job.approved."), "approvals");
    }

    @Test
    void runnerKilledInTheMiddleOfAStep() {
        define("3");
        List<String> runs = List.of(client.start(project, "main", "{\"branch\":\"main\"}"));
        awaitMarks("begun", 1);
        stack.service("build-runner").process().kill();
        stack.service("build-runner").start();

        endWell(runs, 1);
    }

    @Test
    void runnerKilledJustBeforeTheStepEnds() {
        define("2");
        List<String> runs = List.of(client.start(project, "main", "{\"branch\":\"main\"}"));
        awaitMarks("begun", 1);
        pause(Duration.ofMillis(1900));
        stack.service("build-runner").process().kill();
        awaitMarks("ended", 1);
        stack.service("build-runner").start();

        endWell(runs, 1);
    }

    @Test
    void kafkaRestartedUnderLoad() {
        define("1");
        List<String> runs = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            runs.add(client.start(project, "main", "{\"branch\":\"main\"}"));
        }
        stack.kafka().process().kill();
        stack.kafka().start();
        stack.kafka().awaitReady();
        for (int i = 0; i < 10; i++) {
            runs.add(client.start(project, "main", "{\"branch\":\"main\"}"));
        }

        endWell(runs, 1);
    }

    @Test
    void cassandraDownForAMinuteUnderLoad() {
        define("0.2");
        List<String> runs = new ArrayList<>();
        runs.add(client.start(project, "main", "{\"branch\":\"main\"}"));
        long deadLettersBefore = logs.deadLetters();
        stack.cassandra().process().kill();
        try {
            long back = System.nanoTime() + Duration.ofSeconds(60).toNanos();
            while (System.nanoTime() < back) {
                runs.add(client.start(project, "main", "{\"branch\":\"main\"}"));
                for (String service : LocalStack.SERVICES) {
                    assertTrue(stack.service(service).live(), "liveness of " + service);
                }
                pause(Duration.ofMillis(500));
            }
            awaitMarks("ended", runs.size());
        } finally {
            // Others share it.
            stack.cassandra().start();
            stack.cassandra().awaitReady();
        }

        endWell(runs, 1);
        assertEquals(deadLettersBefore, logs.deadLetters(), "dead letters");
    }

    @Test
    void deployServiceKilledAfterApplyingAndBeforeRecording() {
        stack.service("deploy-service").process().stop(Duration.ofSeconds(15));
        LocalStack dying =
                shared.with("deploy-service", Map.of("FLUJO_DEPLOY_FAILPOINT", "deploy.after-apply-before-record"));
        dying.service("deploy-service").start();
        client.submit(project, "main", "", deployment());
        String run = client.start(project, "main", "{\"branch\":\"main\"}");
        assertTrue(
                Await.until(
                        TO_END, () -> !dying.service("deploy-service").process().alive()),
                "the armed deploy-service dies");

        stack.service("deploy-service").start();

        assertEquals(Map.of(run, "SUCCEEDED"), invariants.allEnd(List.of(run), TO_END));
        invariants.historyIsWhole(run);
        logs.areWhole(List.of(run), project);
        assertEquals(1L, witness.marksOf(run).get("serving"), "applications of the deployment");
        List<JsonNode> events = client.events(run);
        assertEquals(1, Invariants.count(events, "dev.cdevents.service.deployed."));
    }

    /** Every run has ended well, was executed once, has a whole history, and nothing of it is left running. */
    private void endWell(List<String> runs, long executions) {
        invariants.allDifferent(runs);
        Map<String, String> outcomes = invariants.allEnd(runs, TO_END);
        for (String run : runs) {
            assertEquals("SUCCEEDED", outcomes.get(run), "outcome of " + run);
            invariants.historyIsWhole(run);
            assertEquals(
                    Map.of("begun", executions, "ended", executions), witness.marksOf(run), "executions of " + run);
        }
        logs.areWhole(runs, project);
        assertEquals(List.of(), Leftovers.ofRuns(runs), "processes that outlived their runs");
    }

    private void define(String seconds) {
        client.submit(
                project,
                "main",
                "",
                """
                name: main
                on: manual
                env: {WITNESS: "%s"}
                jobs:
                  work:
                    steps:
                      - name: witness
                        run: |
                          %s
                          sleep %s
                          %s
                """
                        .formatted(witness.file(), Witness.command("begun"), seconds, Witness.command("ended")));
    }

    /** An application that leaves its mark when it is started, and answers its health check. */
    private String deployment() {
        return """
                name: main
                on: manual
                env: {WITNESS: "%s"}
                jobs:
                  build:
                    steps:
                      - name: make the application
                        run: |
                          cat > Serve.java <<'END'
                          import com.sun.net.httpserver.HttpServer;
                          public class Serve {
                              public static void main(String[] arguments) throws Exception {
                                  int port = Integer.parseInt(System.getenv("PORT"));
                                  HttpServer server = HttpServer.create(new java.net.InetSocketAddress("127.0.0.1", port), 0);
                                  server.createContext("/", exchange -> {
                                      exchange.sendResponseHeaders(200, -1);
                                      exchange.close();
                                  });
                                  server.start();
                              }
                          }
                          END
                    artifacts: {paths: [Serve.java]}
                  release:
                    needs: [build]
                    deploy:
                      environment: production
                      from: build
                      start: 'echo "$FLUJO_RUN release 1 serving" >> "$WITNESS"; exec java Serve.java'
                      health: {path: /, timeout: 60s}
                """
                .formatted(witness.file());
    }

    private void awaitJobs(String run, String state) {
        assertTrue(
                Await.until(TO_END, () -> List.of("one", "two").stream()
                        .allMatch(job -> client.get("/api/v1/runs/" + run + "/jobs/" + job)
                                .filter(told -> told.path("state").asText().equals(state))
                                .isPresent())),
                "jobs of " + run + " are " + state);
    }

    private void awaitMarks(String mark, int count) {
        boolean there = Await.until(
                TO_END,
                () -> witness.lines().stream()
                                .filter(line -> line.endsWith(" " + mark))
                                .count()
                        >= count);
        assertTrue(there, () -> "Expected " + count + " marks '" + mark + "', but there are " + witness.lines());
    }

    /** Lets time pass between two acts of the test; nothing is waited for. */
    private static void pause(Duration duration) {
        LockSupport.parkNanos(duration.toNanos());
    }
}
