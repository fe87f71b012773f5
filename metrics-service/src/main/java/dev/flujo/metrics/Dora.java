package dev.flujo.metrics;

import dev.flujo.metrics.DeployFacts.Place;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The five keys of one pipeline in one environment over a window. */
public record Dora(Place place, String tier, Window window, List<Measure> measures) {

    private static final String NO_DEPLOYMENT = "no deployment began to serve in the window";

    public Dora {
        Objects.requireNonNull(place, "place");
        Objects.requireNonNull(tier, "tier");
        Objects.requireNonNull(window, "window");
        measures = List.copyOf(measures);
    }

    /**
     * Computes the keys. The facts should reach back further than the window: a commit that already served before it is no
     * new change, and what a deployment is followed by may lie behind its end.
     */
    public static Dora of(DeployFacts facts, Place place, Window window, Rules rules) {
        List<Verdict> all = EnvironmentHistory.judge(facts, place.environment(), rules).stream()
                .filter(verdict -> verdict.deployment().pipeline().equals(place.pipeline()))
                .toList();
        List<Verdict> within = all.stream()
                .filter(verdict -> window.contains(verdict.deployment().servingSince()))
                .toList();
        return new Dora(
                place,
                rules.tier(place.environment()),
                window,
                List.of(
                        frequency(all, within, window, givenUp(facts, place, window)),
                        leadTime(all, window),
                        share(DoraKey.CHANGE_FAIL_RATE, within, Verdict::failed),
                        recoveryTime(within),
                        share(DoraKey.DEPLOYMENT_REWORK_RATE, within, verdict -> !verdict.rework()
                                .isEmpty())));
    }

    public Measure measure(DoraKey key) {
        return measures.stream()
                .filter(measure -> measure.key() == key)
                .findFirst()
                .orElseThrow();
    }

    private static Measure frequency(List<Verdict> all, List<Verdict> within, Window window, long givenUp) {
        Map<LocalDate, Long> byDay = within.stream()
                .collect(Collectors.groupingBy(
                        verdict -> LocalDate.ofInstant(verdict.deployment().servingSince(), ZoneOffset.UTC),
                        Collectors.counting()));
        List<Long> perDay = Stream.iterate(window.from(), day -> day.plusDays(1))
                .limit(window.days())
                .map(day -> byDay.getOrDefault(day, 0L))
                .toList();
        Map<String, Object> details = new LinkedHashMap<>();
        details.put("deployments", within.size());
        details.put("days", window.days());
        details.put("daysWithDeployments", byDay.size());
        details.put("meanPerDay", (double) within.size() / window.days());
        details.put("givenUpBeforeServing", givenUp);
        details.put("perDay", perDay);
        Optional<Double> median = all.isEmpty() ? Optional.empty() : Statistics.median(perDay);
        return Measure.of(DoraKey.DEPLOYMENT_FREQUENCY, median, "no deployment of it is known here", details, within);
    }

    private static long givenUp(DeployFacts facts, Place place, Window window) {
        return facts.failures().stream()
                .filter(failure -> failure.environment().equals(place.environment()) && window.contains(failure.at()))
                .count();
    }

    private static Measure leadTime(List<Verdict> all, Window window) {
        Set<String> served = new HashSet<>();
        List<Verdict> first = all.stream()
                .filter(verdict -> verdict.deployment()
                        .revision()
                        .commit()
                        .map(served::add)
                        .orElse(true))
                .filter(verdict -> window.contains(verdict.deployment().servingSince()))
                .toList();
        List<Verdict> timed =
                first.stream().filter(verdict -> leadTime(verdict).isPresent()).toList();
        List<Double> seconds = timed.stream()
                .map(verdict -> seconds(leadTime(verdict).orElseThrow()))
                .toList();
        Map<String, Object> details = new LinkedHashMap<>();
        details.put("changes", timed.size());
        details.put("changesLeftOut", first.size() - timed.size());
        details.put("p95", Statistics.percentile(seconds, 0.95).orElse(null));
        String reason = first.isEmpty()
                ? "no commit began to serve in the window for the first time"
                : "no commit that began to serve in the window has a time before that";
        return Measure.of(DoraKey.CHANGE_LEAD_TIME, Statistics.median(seconds), reason, details, timed);
    }

    private static Optional<Duration> leadTime(Verdict verdict) {
        Instant serving = verdict.deployment().servingSince();
        return verdict.deployment()
                .revision()
                .committedAt()
                .filter(committed -> !committed.isAfter(serving))
                .map(committed -> Duration.between(committed, serving));
    }

    private static Measure share(DoraKey key, List<Verdict> within, Predicate<Verdict> condition) {
        List<Verdict> matching = within.stream().filter(condition).toList();
        Map<String, Object> details = new LinkedHashMap<>();
        details.put("deployments", within.size());
        details.put("counted", matching.size());
        details.put(
                "countedDeployments",
                matching.stream().map(verdict -> verdict.deployment().id()).toList());
        Optional<Double> ratio =
                within.isEmpty() ? Optional.empty() : Optional.of((double) matching.size() / within.size());
        return Measure.of(key, ratio, NO_DEPLOYMENT, details, within);
    }

    private static Measure recoveryTime(List<Verdict> within) {
        List<Verdict> failed = within.stream().filter(Verdict::failed).toList();
        List<Verdict> recovered = failed.stream()
                .filter(verdict -> verdict.recovery().isPresent())
                .toList();
        List<Double> seconds = recovered.stream()
                .map(verdict -> seconds(verdict.recoveryTime().orElseThrow()))
                .toList();
        Map<String, Object> details = new LinkedHashMap<>();
        details.put("failed", failed.size());
        details.put("notYetRecovered", failed.size() - recovered.size());
        details.put("p95", Statistics.percentile(seconds, 0.95).orElse(null));
        String reason = within.isEmpty()
                ? NO_DEPLOYMENT
                : failed.isEmpty()
                        ? "no deployment of the window failed"
                        : "no failed deployment of the window has been recovered from yet";
        return Measure.of(DoraKey.FAILED_DEPLOYMENT_RECOVERY_TIME, Statistics.median(seconds), reason, details, failed);
    }

    static double seconds(Duration duration) {
        return duration.toMillis() / 1000.0;
    }
}
