package dev.flujo.e2e;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.flujo.stack.Await;
import dev.flujo.stack.LocalStack;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** One stack of docker-compose.yml, as its users bring it up, for tests one after the other, with a change on its way through it. */
@Execution(ExecutionMode.CONCURRENT)
class ComposeIT {

    private static final Duration TO_END = Duration.ofMinutes(4);

    @TempDir
    static Path directory;

    /** Printed by a job before the tests; nobody finds it after them. */
    private static final String SECRET = "canary+" + UUID.randomUUID() + "/?";

    private static Compose stack;
    private static Client client;

    @BeforeAll
    static void up() {
        stack = Compose.prepare(
                directory.resolve("secrets"),
                Path.of("src/test/resources/dev/flujo/e2e/compose-forge.yml").toAbsolutePath());
        stack.up();
        client = new Client(stack.url(), stack.secret("bootstrap-token"));
        String file = "/job-secrets/" + Canary.FILE;
        stack.shell(
                "build-runner",
                "mkdir --parents \"$(dirname " + file + ")\" && cat > " + file,
                SECRET.getBytes(StandardCharsets.UTF_8));
        Canary.print(client);
    }

    @AfterAll
    static void down() {
        if (stack != null) {
            try (Compose ended = stack) {
                if (client != null) {
                    noSecretIsFoundIn(ended);
                }
            }
        }
    }

    private static void noSecretIsFoundIn(Compose stack) {
        Canary canary = new Canary(List.of(SECRET));
        assertNotEquals(List.of(), stack.filesWith(List.of("it is ***")), "what is searched has the line of the job");
        List<String> found = new ArrayList<>(stack.filesWith(canary.texts()));
        found.addAll(canary.inTopics(stack.bootstrapServers()));
        found.addAll(canary.inCommands());
        assertEquals(List.of(), found, "places of the secret");
        assertFalse(canary.betrays(stack.words()), "a service has said it");
    }

    @Test
    @Execution(ExecutionMode.SAME_THREAD)
    void aChangeGoesFromCommitToARunningApplicationAndOutlivesAnUpgrade() {
        Forge forge = Forge.create(stack, Path.of("target/junit/junit.jar"));
        client.submit(Forge.PROJECT, "main", "?repository=" + Forge.REPOSITORY, pipeline());

        String first = forge.push("Sell books", "true");
        forge.deliverWebhook(first);
        String run = ended(first);
        String address = client.get("/api/v1/environments/" + Forge.PROJECT + "/production")
                .orElseThrow()
                .path("address")
                .asText();
        assertTrue(answer(address).orElseThrow().contains(first), "the first commit serves");

        String second = forge.push("Sell cheap books", "sed -i 's/Web shop/Cheap shop/' src/main/java/shop/Shop.java");
        forge.produceEvent(second);
        ended(second);
        assertTrue(
                answer(address).orElseThrow().startsWith("Cheap shop, commit " + second), "the second commit serves");

        stack.up("--force-recreate", "--no-deps", "pipeline-service", "deploy-service");

        assertTrue(
                Await.until(TO_END, () -> answer(address).orElse("").contains(second)),
                "the second commit serves after an upgrade");
        assertEquals("SUCCEEDED", client.state(run).orElseThrow());
        new Invariants(client).historyIsWhole(run);
    }

    @Test
    @Execution(ExecutionMode.SAME_THREAD)
    void everyServiceRunsWithNoMoreRightsThanItNeeds() {
        Map<String, JsonNode> containers = stack.containers();

        assertAll(LocalStack.SERVICES.stream().flatMap(service -> hardened(service, containers.get(service))));
    }

    private static Stream<org.junit.jupiter.api.function.Executable> hardened(String service, JsonNode container) {
        JsonNode host = container.path("HostConfig");
        return Stream.of(
                () -> assertEquals("10001:10001", container.at("/Config/User").asText(), service),
                () -> assertTrue(host.path("ReadonlyRootfs").asBoolean(), service + " has a writable root"),
                () -> assertEquals("[\"ALL\"]", host.path("CapDrop").toString(), service),
                () -> assertEquals(
                        "[\"no-new-privileges:true\"]", host.path("SecurityOpt").toString(), service),
                () -> assertTrue(host.path("Memory").asLong() > 0, service + " has no memory limit"),
                () -> assertTrue(host.path("PidsLimit").asLong() > 0, service + " has no process limit"),
                () -> assertEquals("false", stack.shell(service, "[ -w / ] && echo true || echo false"), service));
    }

    @Test
    @Execution(ExecutionMode.SAME_THREAD)
    void aSecretIsChangedWithoutARestart() {
        String fresh = "a-fresh-token-of-one-who-changes-secrets";
        Client changed = new Client(stack.url(), fresh);
        assertEquals(Optional.empty(), changed.get("/api/v1/runs"));

        stack.addToSecret("bootstrap-token", fresh);

        assertTrue(Await.until(
                Duration.ofSeconds(30), () -> changed.get("/api/v1/runs").isPresent()));
        assertTrue(client.get("/api/v1/runs").isPresent(), "the old token stays valid beside the new one");
    }

    @Test
    @Execution(ExecutionMode.SAME_THREAD)
    void theRunnerCannotReachTheHistory() {
        assertEquals(
                "unknown",
                stack.shell("build-runner", "getent hosts cassandra >/dev/null && echo known || echo unknown"));
    }

    /** The run of a commit, when it has succeeded. */
    private static String ended(String commit) {
        String query = "/api/v1/runs?project=" + Forge.PROJECT + "&commit=" + commit;
        Await.until(TO_END, () -> first(query).map(ComposeIT::over).orElse(false));
        JsonNode run = first(query).orElseThrow(() -> new AssertionError("Expected a run of " + commit));
        String id = run.path("id").asText();
        assertEquals(
                "SUCCEEDED", run.path("state").asText(), () -> run + " " + client.get("/api/v1/runs/" + id + "/jobs"));
        return id;
    }

    private static Optional<JsonNode> first(String query) {
        return client.get(query).map(page -> page.path("items").path(0)).filter(run -> !run.isMissingNode());
    }

    private static boolean over(JsonNode run) {
        return !Stream.of("QUEUED", "RUNNING").anyMatch(run.path("state").asText()::equals);
    }

    private static Optional<String> answer(String address) {
        try {
            HttpResponse<String> answer = HttpClient.newHttpClient()
                    .send(
                            HttpRequest.newBuilder(URI.create(address + "/"))
                                    .timeout(Duration.ofSeconds(5))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString());
            return answer.statusCode() == 200 ? Optional.of(answer.body()) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static String pipeline() {
        try (var in = ComposeIT.class.getResourceAsStream("web-shop.yml")) {
            return new String(in.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
