package dev.flujo.core.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.flujo.event.plan.Deploy;
import dev.flujo.event.plan.HealthCheck;
import dev.flujo.event.plan.Job;
import dev.flujo.event.plan.Plan;
import dev.flujo.event.plan.Step;
import dev.flujo.event.plan.Triggers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PlanReaderTest {

    static final String WHOLE =
            """
            # From commit to production.
            name: shop
            on:
              push: {branches: [main, "release/**"]}
              manual:
            env:
              PYTHON: 3.10
              COUNTRY: no
            jobs:
              build:
                timeout: 10m
                env: {MODE: 010}
                steps:
                  - mvn -B -q package
                  - name: Count
                    run: |
                      set -e
                      \techo "${#COUNTRY}"
                    env: {AT: 12:30:45}
                artifacts: {paths: [target/*.jar]}
                reports: {junit: target/surefire-reports/*.xml}
              lint:
                steps: [run: ./lint]
              deploy:
                needs: [build, lint]
                deploy:
                  environment: production
                  from: build
                  start: java -jar target/shop.jar
                  health: {path: /ready, timeout: 45s}
            """;

    @Test
    void readsEveryKey() {
        Job build = new Job(
                "build",
                List.of(),
                Map.of("MODE", "010"),
                List.of(
                        new Step("mvn -B -q package", "mvn -B -q package", Map.of()),
                        new Step("Count", "set -e\n\techo \"${#COUNTRY}\"\n", Map.of("AT", "12:30:45"))),
                Duration.ofMinutes(10),
                List.of("target/*.jar"),
                List.of("target/surefire-reports/*.xml"),
                Optional.empty());
        Job lint = new Job(
                "lint",
                List.of(),
                Map.of(),
                List.of(new Step("./lint", "./lint", Map.of())),
                Duration.ofHours(1),
                List.of(),
                List.of(),
                Optional.empty());
        Job deploy = new Job(
                "deploy",
                List.of("build", "lint"),
                Map.of(),
                List.of(),
                Duration.ofHours(1),
                List.of(),
                List.of(),
                Optional.of(new Deploy(
                        "production",
                        "build",
                        "java -jar target/shop.jar",
                        new HealthCheck("/ready", Duration.ofSeconds(45)))));
        Map<String, String> env = new LinkedHashMap<>();
        env.put("PYTHON", "3.10");
        env.put("COUNTRY", "no");
        Triggers on = new Triggers(Optional.of(new Triggers.Push(List.of("main", "release/**"))), true);

        assertEquals(
                new PlanReading.Readable(new Plan("shop", on, env, List.of(build, lint, deploy))),
                PlanReader.read(WHOLE));
    }

    @Test
    void readsBytesAsText() {
        assertEquals(PlanReader.read(WHOLE), PlanReader.read(WHOLE.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void keepsEveryValueAsItIsWritten() {
        List<String> values = List.of(
                "3.10",
                "no",
                "on",
                "010",
                "0x1F",
                "12:30:45",
                "1e3",
                "2026-11-24",
                "true",
                ".inf",
                "1_000",
                "=",
                "0o17");
        for (String value : values) {
            Plan plan = Readings.plan(PlanReader.read(WHOLE.replace("PYTHON: 3.10", "PYTHON: " + value)));

            assertEquals(value, plan.env().get("PYTHON"));
        }
    }

    @Test
    void keepsWhatQuotesHoldEvenIfItWouldBeNothingWithoutThem() {
        Map<String, String> values =
                Map.of("\"~\"", "~", "'null'", "null", "\"\"", "", "'it''s'", "it's", "\"\\u00e9\"", "é");

        values.forEach((written, value) -> {
            Plan plan = Readings.plan(PlanReader.read(WHOLE.replace("PYTHON: 3.10", "PYTHON: " + written)));

            assertEquals(value, plan.env().get("PYTHON"));
        });
    }

    @Test
    void startsOnPushesToAnyBranchAndByHandUnlessOnSaysOtherwise() {
        Triggers.Push any = new Triggers.Push(List.of());
        Map<String, Triggers> forms = Map.of(
                "",
                new Triggers(Optional.of(any), true),
                "on: push",
                new Triggers(Optional.of(any), false),
                "on: manual",
                new Triggers(Optional.empty(), true),
                "on: [push, manual]",
                new Triggers(Optional.of(any), true),
                "on: {push: }",
                new Triggers(Optional.of(any), false),
                "on: {push: {}}",
                new Triggers(Optional.of(any), false),
                "on: {manual: {}}",
                new Triggers(Optional.empty(), true),
                "on: {manual: true}",
                new Triggers(Optional.empty(), true),
                "on: {push: {branches: main}}",
                new Triggers(Optional.of(new Triggers.Push(List.of("main"))), false));

        forms.forEach((on, triggers) -> {
            Plan plan = Readings.plan(PlanReader.read("name: shop\n" + on + "\njobs: {build: {steps: [make]}}\n"));

            assertEquals(triggers, plan.on(), on);
        });
    }

    @Test
    void asksAtHealthForHalfAMinuteUnlessHealthSaysOtherwise() {
        Map<String, HealthCheck> forms = Map.of(
                "", new HealthCheck("/health", Duration.ofSeconds(30)),
                ", health: {}", new HealthCheck("/health", Duration.ofSeconds(30)),
                ", health: {path: /}", new HealthCheck("/", Duration.ofSeconds(30)),
                ", health: {path: \"/q/health?ready=1\", timeout: 1h}",
                        new HealthCheck("/q/health?ready=1", Duration.ofHours(1)));

        forms.forEach((health, check) -> {
            Plan plan = Readings.plan(PlanReader.read(
                    """
                    name: shop
                    jobs:
                      build: {steps: [make], artifacts: {paths: app}}
                      ship: {needs: build, deploy: {environment: test, from: build, start: ./app%s}}
                    """
                            .formatted(health)));

            assertEquals(
                    Optional.of(check), plan.job("ship").flatMap(Job::deploy).map(Deploy::health), health);
        });
    }

    @Test
    void namesAStepAfterTheFirstLineOfItsScript() {
        String script = "x".repeat(200);

        Plan plan = Readings.plan(PlanReader.read(
                "name: shop\njobs: {build: {steps: [\"\\n\\n  make\\ttest \\nls\", %s]}}".formatted(script)));

        List<Step> steps = plan.jobs().get(0).steps();
        assertEquals("make test", steps.get(0).name());
        assertEquals("\n\n  make\ttest \nls", steps.get(0).run());
        assertEquals("x".repeat(99) + "…", steps.get(1).name());
    }

    @Test
    void takesTheBoundsOfTime() {
        Map<String, Duration> times = Map.of(
                "1s",
                Duration.ofSeconds(1),
                "86400s",
                Duration.ofDays(1),
                "1440m",
                Duration.ofDays(1),
                "24h",
                Duration.ofDays(1));

        times.forEach((written, time) -> {
            Plan plan = Readings.plan(PlanReader.read(WHOLE.replace("timeout: 10m", "timeout: " + written)));

            assertEquals(time, plan.jobs().get(0).timeout());
        });
    }

    @Test
    void readsJsonAndWindowsLineEndsToo() {
        String json = "{\"name\": \"shop\", \"jobs\": {\"build\": {\"steps\": [\"make\"]}}}";
        String yaml = "---\r\nname: shop\r\njobs:\r\n  build:\r\n    steps:\r\n      - make\r\n...\r\n";

        assertEquals(PlanReader.read(json), PlanReader.read(yaml));
        assertEquals("shop", Readings.plan(PlanReader.read(yaml)).name());
    }
}
