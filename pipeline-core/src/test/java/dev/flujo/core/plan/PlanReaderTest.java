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

    private static final String WHOLE =
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
}
