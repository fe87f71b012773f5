package dev.flujo.event;

import dev.flujo.event.plan.Approval;
import dev.flujo.event.plan.Binding;
import dev.flujo.event.plan.Concurrency;
import dev.flujo.event.plan.Condition;
import dev.flujo.event.plan.Deploy;
import dev.flujo.event.plan.Environment;
import dev.flujo.event.plan.Gate;
import dev.flujo.event.plan.HealthCheck;
import dev.flujo.event.plan.Input;
import dev.flujo.event.plan.Job;
import dev.flujo.event.plan.Matrix;
import dev.flujo.event.plan.Placement;
import dev.flujo.event.plan.Plan;
import dev.flujo.event.plan.Results;
import dev.flujo.event.plan.Service;
import dev.flujo.event.plan.Step;
import dev.flujo.event.plan.Supplies;
import dev.flujo.event.plan.Tolerance;
import dev.flujo.event.plan.Triggers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A plan in which every part of every record is filled in. */
final class PlanSamples {

    private static final Optional<String> ON_MAIN = Optional.of("event.branch == 'main'");
    private static final Map<String, String> INPUTS = Map.of("level", "${{ event.payload.level }}");
    private static final Optional<Concurrency> GROUP =
            Optional.of(new Concurrency("shop-${{ event.branch }}", 2, Concurrency.Policy.CANCEL_OLDER, false));
    private static final List<Map<String, Binding>> BINDINGS =
            List.of(Map.of("goal", new Binding(Input.Kind.STRING, "${{ inputs.level }}")));
    private static final Condition CONDITION = new Condition(ON_MAIN, true, false);

    static final Job BUILD = new Job(
            "build",
            List.of("lint"),
            Map.of("LEVEL", "3.10"),
            List.of(new Step("Compile", "mvn -B package", Map.of("MAVEN_OPTS", "-Xmx512m"), settings())),
            Duration.ofMinutes(10),
            List.of("target/shop.jar"),
            List.of("target/surefire-reports/*.xml"),
            Optional.empty(),
            Optional.of("Build it"),
            new Gate(
                    CONDITION,
                    Optional.of(new Environment(
                            "pr-${{ event.number }}",
                            Optional.of("https://pr.example.com"),
                            Optional.of(Duration.ofDays(3)))),
                    Optional.of(new Approval(List.of("group:sre"), 2, true, Duration.ofHours(24))),
                    GROUP),
            placement(),
            new Tolerance(
                    Optional.of(new Tolerance.Retry(2, Duration.ofSeconds(10), List.of("platform", "exit:75"))),
                    "${{ matrix.jdk == '25' }}"),
            new Supplies(
                    List.of("TOKEN"),
                    List.of(new Supplies.Cache(
                            List.of("~/.m2"),
                            Optional.of("maven-"),
                            List.of("pom.xml"),
                            List.of("maven"),
                            Supplies.Cache.Policy.PULL)),
                    List.of("lint"),
                    Optional.of(new Supplies.Checkout(true, true))),
            new Results(
                    List.of("version"),
                    Optional.of(Duration.ofDays(30)),
                    Results.Keep.ALWAYS,
                    new Results.Reports(
                            List.of("ctrf.json"), List.of("jacoco.xml"), List.of("scan.sarif"), List.of("bom.json")),
                    Optional.of("out/jobs.yml")),
            Optional.of(new Matrix(
                    Map.of("jdk", List.of("17", "21")),
                    Map.of("module", "needs.lint.outputs.modules"),
                    List.of(Map.of("jdk", "25")),
                    Optional.of("needs.lint.outputs.more"),
                    List.of(Map.of("jdk", "17")),
                    4,
                    true)),
            Optional.of(new Matrix.Cell(Map.of("jdk", "21"), 4, true)),
            BINDINGS);

    static final Job RELEASE = new Job(
            "release",
            List.of("build"),
            Map.of(),
            List.of(),
            Duration.ofMinutes(5),
            List.of(),
            List.of(),
            Optional.of(new Deploy(
                    "production",
                    "build",
                    "java -jar shop.jar",
                    new HealthCheck("/health", Duration.ofSeconds(30)),
                    Optional.of(new Deploy.Kubernetes(
                            List.of("k8s/**"),
                            Optional.of("k8s/overlays/production"),
                            Map.of("shop", "registry.example.com/shop@${{ needs.build.outputs.digest }}"),
                            Optional.of("shop"),
                            Optional.of("eu-1"))),
                    rollout(),
                    Optional.of(Deploy.Reading.RESTART))));

    static final Plan PLAN = new Plan(
            "main",
            triggers(),
            Map.of("CI", "true"),
            List.of(BUILD, RELEASE),
            Map.of(
                    "level",
                    new Input(
                            Input.Kind.CHOICE,
                            false,
                            Optional.of("info"),
                            List.of("info", "debug"),
                            Optional.of("How much to log"))),
            GROUP,
            Optional.of(Duration.ofHours(6)));

    private PlanSamples() {}

    private static Step.Settings settings() {
        return new Step.Settings(
                CONDITION,
                true,
                Optional.of(Duration.ofMinutes(5)),
                Optional.of("bash"),
                Optional.of("web"),
                List.of("TOKEN"),
                BINDINGS);
    }

    private static Placement placement() {
        return new Placement(
                Optional.of("large"),
                List.of("linux", "arm64"),
                50,
                Optional.of(Duration.ofHours(1)),
                Optional.of("eclipse-temurin:21"),
                Map.of(
                        "db",
                        new Service(
                                "cassandra:5",
                                Map.of("HEAP", "512m"),
                                Optional.of("cassandra -f"),
                                Optional.of(new Service.Ready(
                                        Optional.of("cqlsh -e 'describe cluster'"),
                                        Optional.of("/ready"),
                                        9042,
                                        Duration.ofSeconds(1),
                                        Duration.ofMinutes(2))))),
                Optional.of(new Placement.Resources(Optional.of("500m"), Optional.of("2Gi"), Optional.of("10Gi"), 1)));
    }

    private static Deploy.Rollout rollout() {
        return new Deploy.Rollout(
                3,
                new Deploy.Strategy(
                        Deploy.Strategy.Kind.CANARY,
                        Optional.of("25%"),
                        Optional.of("0"),
                        Optional.of(Duration.ofMinutes(10)),
                        true,
                        List.of(new Deploy.CanaryStep(10, Duration.ofMinutes(5), true))),
                List.of(new Deploy.Analysis(
                        "errors",
                        Optional.of("sum(rate(errors[5m]))"),
                        Optional.of("/health"),
                        Optional.empty(),
                        Optional.of("build"),
                        Optional.of("result < 0.01"),
                        Optional.of("result > 0.05"),
                        Duration.ofSeconds(30),
                        2,
                        true)),
                false,
                List.of(new Deploy.Wave("eu", List.of("eu-1"), List.of("shop"), Duration.ofMinutes(30), true)));
    }

    private static Triggers triggers() {
        return new Triggers(
                Optional.of(new Triggers.Push(List.of("main", "release/*"), List.of("api/**"), ON_MAIN)),
                true,
                Optional.of(new Triggers.PullRequest(List.of("main"), List.of("api/**"), List.of("opened"), ON_MAIN)),
                Optional.of(new Triggers.Tag(List.of("v*"), ON_MAIN)),
                List.of(new Triggers.Schedule(
                        "0 3 * * 1-5", "Europe/Berlin", "main", Triggers.Schedule.Missed.ONCE, INPUTS)),
                Optional.of(new Triggers.Api(ON_MAIN)),
                List.of(new Triggers.Kafka("base-images", ON_MAIN, "main", INPUTS)),
                List.of(new Triggers.Upstream(
                        Optional.of("library"),
                        "main",
                        List.of("main"),
                        List.of("succeeded"),
                        Optional.of("main"),
                        INPUTS,
                        ON_MAIN)),
                List.of(new Triggers.Deployment(List.of("staging"), List.of("succeeded"), INPUTS, ON_MAIN)));
    }
}
