package dev.flujo.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.flujo.stack.Await;
import dev.flujo.stack.LocalStack;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a job may do to its runner, and what becomes of it. */
class JobsIT {

    private static final Duration TO_END = Duration.ofMinutes(1);
    private static final Duration TO_STOP = Duration.ofSeconds(15);

    private static Client client;
    private static Invariants invariants;

    private final String mark =
            "sleep 1" + UUID.randomUUID().toString().replaceAll("\\D", "").substring(0, 8);
    private String project;

    @BeforeAll
    static void up() {
        SharedStack shared = SharedStack.get();
        client = new Client(shared.stack().url(), shared.stack().adminToken());
        invariants = new Invariants(client);
    }

    @BeforeEach
    void begin() {
        project = "p" + UUID.randomUUID().toString().substring(0, 8);
    }

    @Test
    void whatAStepLeavesBehindEndsWithItsJob() {
        String run = start(
                """
                    steps:
                      - name: leave something behind
                        run: |
                          %1$s &
                          setsid %1$s &
                          env -i %1$s &
                          setsid bash -c 'trap "" TERM; %1$s' &
                          sleep 0.3
                """
                        .formatted(mark));

        assertEquals(Map.of(run, "SUCCEEDED"), invariants.allEnd(List.of(run), TO_END));
        assertEquals(List.of(), processes());
    }

    @Test
    void aStepSeesNothingOfTheRunnersSettingsAndSecrets() {
        String run = start(
                """
                    steps:
                      - {name: environment, run: "env | sort"}
                """);

        assertEquals(Map.of(run, "SUCCEEDED"), invariants.allEnd(List.of(run), TO_END));
        assertTrue(Await.until(TO_END, () -> lines(run).anyMatch(line -> line.startsWith("FLUJO_RUN="))));
        List<String> names = lines(run)
                .filter(line -> line.contains("="))
                .map(line -> line.substring(0, line.indexOf('=')))
                .toList();
        assertTrue(names.containsAll(List.of("PATH", "HOME", "FLUJO_RUN")), names.toString());
        assertEquals(
                List.of(),
                names.stream()
                        .filter(name ->
                                name.matches("(KAFKA|QUARKUS|MP)_.*|FLUJO_.*(TOKEN|SECRET|RUNNER_|BLOBS|TOPICS).*"))
                        .toList());
    }

    @Test
    void outputOfAnyBytesComesThroughWithEveryLineCounted() {
        String run = start(
                """
                    steps:
                      - name: noise
                        run: |
                          for i in 1 2 3 4 5 6; do head -c 60000 /dev/zero | tr '\\0' '\\001'; echo; done
                          head -c 1000000 /dev/urandom | tr -d '\\n'; echo
                          head -c 3000000 /dev/zero; echo
                          printf 'no line feed'
                """);

        assertEquals(Map.of(run, "SUCCEEDED"), invariants.allEnd(List.of(run), TO_END));
        assertTrue(
                Await.until(TO_END, () -> lines(run).count() == 9),
                () -> "lines " + lines(run).count());
        assertEquals("no line feed", lines(run).skip(8).findFirst().orElseThrow());
    }

    @Test
    void aReportThatIsNoneIsToldAndWhatLiesOutsideIsNoArtifact() {
        String run = start(
                """
                    steps:
                      - name: make
                        run: |
                          printf '<testsuite name="s"><testcase name="a"/>' > report.xml
                          ln -s /etc/hostname link
                    reports: {junit: report.xml}
                    artifacts: {paths: [link]}
                """);

        assertEquals(Map.of(run, "FAILED"), invariants.allEnd(List.of(run), TO_END));
        String reason =
                client.get("/api/v1/runs/" + run + "/jobs/work").orElseThrow().toString();
        assertTrue(reason.contains("Expected a JUnit report in report.xml, but"), reason);
        assertTrue(reason.contains("Expected artifacts at 'link', but the job made no file there"), reason);
    }

    @Test
    void whatToolsHaveFoundIsKeptWithItsFilesAndWhatIsBrokenIsTold() {
        String bom =
                "{\"bomFormat\": \"CycloneDX\", \"specVersion\": \"1.6\", \"components\": [{\"name\": \"left-pad\"}]}";
        String run = start(
                """
                    steps:
                      - |
                        echo '%s' > bom.json
                        echo '<coverage><line hits="1"/><line hits="0"/></coverage>' > coverage.xml
                        echo '{"version": "2.0"}' > findings.sarif
                        echo '{"results": {"tests": [{"name": "a", "status": "passed"}]}}' > ctrf.json
                    reports: {sbom: bom.json, coverage: coverage.xml, sarif: "*.sarif", ctrf: ctrf.json}
                """
                        .formatted(bom));

        assertEquals(Map.of(run, "FAILED"), invariants.allEnd(List.of(run), TO_END));
        String job =
                client.get("/api/v1/runs/" + run + "/jobs/work").orElseThrow().toString();
        assertTrue(job.contains("Expected a SARIF 2.1.0 report in findings.sarif, but it has no runs"), job);
        assertTrue(Await.until(TO_END, () -> reports(run).size() == 2), () -> reports(run)
                .toString());
        JsonNode coverage = reports(run).get(0);
        assertEquals("coverage", coverage.path("kind").asText());
        assertEquals("{\"covered\":1,\"missed\":1}", coverage.at("/says/lines").toString());
        JsonNode sbom = reports(run).get(1);
        assertEquals("left-pad", sbom.at("/says/components/0/name").asText());
        assertEquals(
                bom + "\n",
                client.answer("/api/v1/runs/" + run + "/artifacts/work/bom.json")
                        .body());
        assertTrue(Await.until(TO_END, () -> client.answer("/api/v1/runs/" + run + "/jobs/work/tests")
                .body()
                .contains("\"SUCCEEDED\"")));
    }

    @Test
    void saysWhetherAFileIsWhatARunHasMade(@TempDir Path here) throws Exception {
        String run = start(
                """
                    steps: ['printf made > app.jar']
                    artifacts: {paths: [app.jar]}
                """);
        assertEquals(Map.of(run, "SUCCEEDED"), invariants.allEnd(List.of(run), TO_END));
        assertTrue(Await.until(TO_END, () -> client.get("/api/v1/runs/" + run + "/artifacts")
                .orElseThrow()
                .at("/items/0")
                .hasNonNull("provenance")));
        Path file = Files.writeString(here.resolve("app.jar"), "made");

        Said verified = flujo("verify", file.toString(), "--run", run);
        Files.writeString(file, "mode");
        Said changed = flujo("verify", file.toString(), "--run", run);
        Said unknown =
                flujo("verify", Files.move(file, here.resolve("other.jar")).toString(), "--run", run);

        assertEquals(0, verified.code(), verified.text());
        assertTrue(verified.text().startsWith("verified: "), verified.text());
        assertTrue(verified.text().contains("app.jar of " + run + "/work/1"), verified.text());
        assertEquals(1, changed.code(), changed.text());
        assertTrue(changed.text().contains("not verified: Expected app.jar to have the SHA-256 "), changed.text());
        assertEquals(1, unknown.code(), unknown.text());
        assertTrue(unknown.text().contains("none of its artifacts has that name or the SHA-256"), unknown.text());
    }

    private record Said(int code, String text) {}

    /** The command, for the stack of these tests. */
    private static Said flujo(String... arguments) throws IOException, InterruptedException {
        LocalStack stack = SharedStack.get().stack();
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                "dev.flujo.stack.Main"));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("FLUJO_HOME", stack.home().toString());
        stack.ports().byName().forEach((name, port) -> builder.environment()
                .put("FLUJO_PORT_" + name.toUpperCase(Locale.ROOT).replace('-', '_'), Integer.toString(port)));
        Process process = builder.start();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Said(process.waitFor(), text);
    }

    @Test
    void aJobFindsWhatAnotherRunHasKeptAndItsLogSaysSo() {
        String job =
                """
                    cache: {key: {files: [lock], prefix: m-}, restore-keys: [m-], paths: [deps]}
                    steps:
                      - cat deps/a || echo nothing; mkdir -p deps; echo "made by $FLUJO_RUN" > deps/a
                """;
        String first = start(job);
        assertEquals(Map.of(first, "SUCCEEDED"), invariants.allEnd(List.of(first), TO_END));

        String second = start(job);

        assertEquals(Map.of(second, "SUCCEEDED"), invariants.allEnd(List.of(second), TO_END));
        assertTrue(Await.until(TO_END, () -> lines(first).anyMatch(line -> line.endsWith(": miss"))));
        assertTrue(Await.until(TO_END, () -> lines(first).anyMatch(line -> line.contains(": kept, 1 files of "))));
        assertTrue(Await.until(TO_END, () -> lines(second).anyMatch(line -> line.contains(": hit, 1 files of "))));
        assertTrue(Await.until(TO_END, () -> lines(second).anyMatch(line -> line.equals("made by " + first))));
        assertTrue(Await.until(TO_END, () -> lines(second).anyMatch(line -> line.endsWith(": kept already"))));
    }

    @Test
    void cancelEndsTheWholeTreeOfADeafJob() {
        String run = start(
                """
                    steps:
                      - name: deaf
                        run: |
                          setsid bash -c 'trap "" TERM INT; %1$s' &
                          trap "" TERM INT
                          env -i %1$s
                """
                        .formatted(mark));
        assertTrue(Await.until(TO_END, () -> processes().size() == 2), () -> processes()
                .toString());

        client.post("/api/v1/runs/" + run + "/cancel");

        assertEquals(Map.of(run, "CANCELLED"), invariants.allEnd(List.of(run), TO_STOP));
        assertEquals(List.of(), processes());
    }

    @Test
    void timeoutEndsTheWholeTree() {
        String run = start(
                """
                    timeout: 2s
                    steps:
                      - {name: long, run: "setsid %1$s & %1$s"}
                """
                        .formatted(mark));

        assertEquals(Map.of(run, "FAILED"), invariants.allEnd(List.of(run), TO_STOP));
        assertEquals(List.of(), processes());
        String job =
                client.get("/api/v1/runs/" + run + "/jobs/work").orElseThrow().toString();
        assertTrue(job.contains("the job ran longer than its timeout of 2 s"), job);
    }

    private String start(String job) {
        client.submit(project, "main", "", "name: main\non: manual\njobs:\n  work:\n" + job);
        return client.start(project, "main", "{\"branch\":\"main\"}");
    }

    private List<String> processes() {
        return Leftovers.ofCommand(command -> command.contains(mark.replace(' ', '\0')));
    }

    private JsonNode reports(String run) {
        return client.get("/api/v1/runs/" + run + "/reports").orElseThrow().path("items");
    }

    private static Stream<String> lines(String run) {
        JsonNode page =
                client.get("/api/v1/runs/" + run + "/jobs/work/log?limit=1000").orElseThrow();
        assertFalse(page.path("items").isMissingNode());
        return StreamSupport.stream(page.path("items").spliterator(), false)
                .map(line -> line.path("text").asText());
    }
}
