package dev.flujo.metrics.api;

import dev.flujo.event.Outcome;
import dev.flujo.metrics.Dora;
import dev.flujo.metrics.DoraKey;
import dev.flujo.metrics.Facts;
import dev.flujo.metrics.MetricsConfig;
import dev.flujo.metrics.Numbers;
import dev.flujo.metrics.RunTimeline;
import dev.flujo.metrics.Window;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/**
 * The numbers of the default window for Prometheus. They are computed from the facts at intervals, never counted up, so a
 * restart changes nothing; a scrape gets the last computed ones.
 */
@ApplicationScoped
public class FactMetrics {

    private static final Logger LOG = Logger.getLogger(FactMetrics.class);

    private final Numbers numbers;
    private final Facts facts;
    private final MetricsConfig config;
    private final Clock clock;
    private final GaugeFamilies families;
    private final ExecutorService thread = Executors.newSingleThreadExecutor(task -> {
        Thread named = new Thread(task, "fact-metrics");
        named.setDaemon(true);
        return named;
    });

    FactMetrics(Numbers numbers, Facts facts, MetricsConfig config, Clock clock, MeterRegistry registry) {
        this.numbers = numbers;
        this.facts = facts;
        this.config = config;
        this.clock = clock;
        this.families = new GaugeFamilies(registry);
    }

    void atStart(@Observes StartupEvent start) {
        thread.execute(this::keepFresh);
    }

    void atStop(@Observes ShutdownEvent stop) {
        thread.shutdownNow();
    }

    private void keepFresh() {
        while (!Thread.currentThread().isInterrupted()) {
            refresh();
            LockSupport.parkNanos(config.refresh().toNanos());
        }
    }

    private void refresh() {
        try {
            Gauges gauges = new Gauges(config.mostSeries());
            Window window = Window.ending(LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC), config.defaultDays());
            for (String project : facts.projects()) {
                numbers.dora(project, Optional.empty(), Optional.empty(), window)
                        .forEach(dora -> addDora(gauges, project, dora));
                Map<String, List<RunTimeline>> runs = numbers.timelines(project, Optional.empty(), window).stream()
                        .collect(Collectors.groupingBy(RunTimeline::pipeline, TreeMap::new, Collectors.toList()));
                runs.forEach((pipeline, timelines) -> addRuns(gauges, project, pipeline, timelines));
            }
            families.show(gauges);
        } catch (RuntimeException e) {
            LOG.warnf("the metrics from facts stay as they were: %s", e.getMessage());
        }
    }

    private static void addDora(Gauges gauges, String project, Dora dora) {
        if (!gauges.room()) {
            return;
        }
        Tags labels = Tags.of(
                "project", project,
                "pipeline", dora.place().pipeline(),
                "environment", dora.place().environment(),
                "tier", dora.tier());
        Object deployments =
                dora.measure(DoraKey.DEPLOYMENT_FREQUENCY).details().get("deployments");
        gauges.dora("flujo.dora.deployments", labels, Optional.of(((Number) deployments).doubleValue()));
        gauges.dora(
                "flujo.dora.deployment.frequency.per.day",
                labels,
                dora.measure(DoraKey.DEPLOYMENT_FREQUENCY).value());
        gauges.dora(
                "flujo.dora.change.lead.time.seconds",
                labels,
                dora.measure(DoraKey.CHANGE_LEAD_TIME).value());
        gauges.dora(
                "flujo.dora.change.fail.ratio",
                labels,
                dora.measure(DoraKey.CHANGE_FAIL_RATE).value());
        gauges.dora(
                "flujo.dora.failed.deployment.recovery.time.seconds",
                labels,
                dora.measure(DoraKey.FAILED_DEPLOYMENT_RECOVERY_TIME).value());
        gauges.dora(
                "flujo.dora.deployment.rework.ratio",
                labels,
                dora.measure(DoraKey.DEPLOYMENT_REWORK_RATE).value());
    }

    private static void addRuns(Gauges gauges, String project, String pipeline, List<RunTimeline> timelines) {
        if (!gauges.room()) {
            return;
        }
        gauges.timeToMarket(project, dev.flujo.metrics.TimeToMarket.of(pipeline, timelines));
        for (Outcome outcome : List.of(Outcome.SUCCEEDED, Outcome.FAILED, Outcome.CANCELLED, Outcome.ERRORED)) {
            gauges.runs(
                    project + "/" + pipeline,
                    outcome,
                    timelines.stream()
                            .filter(run -> run.outcome().equals(Optional.of(outcome)))
                            .flatMap(run -> run.duration().stream())
                            .toList());
        }
        long executing = timelines.stream()
                .filter(run -> run.outcome().isEmpty() && run.started())
                .count();
        long unfinished =
                timelines.stream().filter(run -> run.outcome().isEmpty()).count();
        gauges.active(project + "/" + pipeline, unfinished - executing, executing);
    }
}
