package dev.flujo.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.flujo.core.plan.PlanReader;
import dev.flujo.core.plan.PlanReading;
import dev.flujo.event.plan.Job;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ShellWordsTest {

    @Test
    void changesTheWordsOfStepsAndThePoolsOfJobsAndNothingElse() {
        Scenario scenario = new Scenario(
                "x.yml",
                Map.of(
                        "pipeline",
                        """
                        name: main # as it is
                        on: {push: {branches: [main]}}
                        env: {VERSION: 3.10, "NO": no}
                        jobs:
                          a: {approval: , steps: [show VERSION, {run: wait 300, timeout: 1s}]}
                          b:
                            needs: a
                            steps:
                              - run: |
                                  print it's
                                  exit 7
                                always: true
                              - output x 1
                          c: {pool: nowhere, steps: [nothing]}
                          d: {uses: ./t.yml}
                        """,
                        "templates",
                        Map.of("./t.yml", "name: t\njobs: {e: {steps: [fail-before 2 1]}}\n")));

        Scenario said = new ShellWords("docker").of(scenario);

        assertEquals(
                """
                name: main # as it is
                on: {push: {branches: [main]}}
                env: {VERSION: 3.10, "NO": no}
                jobs:
                  a: {pool: docker, approval: , steps: ["printf '%s\\\\n' \\"VERSION=$VERSION\\"", {run: "sleep 0.300", timeout: 1s}]}
                  b:
                    pool: docker
                    needs: a
                    steps:
                      - run: "printf '%s\\\\n' 'it'\\\\''s'\\nexit 7"
                        always: true
                      - "printf %s '1' > \\"$FLUJO_OUTPUTS\\"/'x'"
                  c: {pool: nowhere, steps: [":"]}
                  d: {uses: ./t.yml}
                """,
                said.pipeline());
        assertEquals(
                Map.of(
                        "./t.yml",
                        "name: t\njobs: {e: {pool: docker, steps: [\"test \\\"$FLUJO_ATTEMPT\\\" -ge 2 || exit 1\"]}}\n"),
                said.templates());
    }

    @Test
    void aShellDoesWhatTheWordsSay(@TempDir Path directory) throws IOException, InterruptedException {
        String script = new ShellWords("process")
                .commands(
                        """
                        print  it's "so" $HOME `x` | # {a: [b]}
                        show SAID
                        show NEVER
                        output o a 'b' \\nc
                        write out/deep/f x\\n  y
                        write j.yml jobs:\\n  a: {steps: [print a]}\\n
                        fail-before 2 9
                        wait 1
                        exit 3
                        print never
                        """);
        ProcessBuilder builder = new ProcessBuilder("bash", "-e", "-o", "pipefail", "-c", script)
                .directory(directory.toFile())
                .redirectErrorStream(true);
        builder.environment()
                .putAll(Map.of("SAID", "a  b", "FLUJO_ATTEMPT", "2", "FLUJO_OUTPUTS", directory.toString()));
        Process process = builder.start();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertEquals(3, process.waitFor(), printed);
        assertEquals(" it's \"so\" $HOME `x` | # {a: [b]}\nSAID=a  b\nNEVER=\n", printed);
        assertEquals("a 'b' \nc", Files.readString(directory.resolve("o")));
        assertEquals("x\n  y", Files.readString(directory.resolve("out/deep/f")));
        assertEquals(
                "jobs:\n  a: {pool: process, steps: [\"printf '%s\\\\n' 'a'\"]}\n",
                Files.readString(directory.resolve("j.yml")));
    }

    @ParameterizedTest
    @EnumSource
    void executorsPlayAtLeastFortyInTheirPools(Executor executor) {
        List<Scenario> scenarios = executor.scenarios();

        assertTrue(scenarios.size() >= Executor.LEAST, () -> "only " + scenarios.size());
        for (Scenario scenario : scenarios) {
            PlanReading reading = PlanReader.read(scenario.pipeline(), scenario.templates());
            for (Job job : assertInstanceOf(PlanReading.Readable.class, reading, scenario.name())
                    .plan()
                    .jobs()) {
                assertTrue(
                        List.of(executor.pool(), "nowhere", "nobody-is-here").contains(job.pool()),
                        () -> scenario.name() + ": " + job);
            }
        }
    }
}
