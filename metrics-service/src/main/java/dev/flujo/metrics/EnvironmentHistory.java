package dev.flujo.metrics;

import dev.flujo.metrics.DeployFacts.Rollback;
import dev.flujo.metrics.Verdict.Reason;
import dev.flujo.metrics.Verdict.Recovery;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Judges the deployments of one environment: which failed, how each was recovered from, which are rework. */
final class EnvironmentHistory {

    private final List<Deployment> deployments;
    private final List<Incident> incidents;
    private final List<Rollback> rollbacks;
    private final Rules rules;
    private final Map<UUID, List<Reason>> failures = new HashMap<>();
    private final Map<UUID, List<Recovery>> recoveries = new HashMap<>();

    private EnvironmentHistory(DeployFacts facts, String environment, Rules rules) {
        this.deployments = facts.deploymentsIn(environment);
        this.incidents = facts.incidents().stream()
                .filter(incident -> incident.environment().equals(environment))
                .toList();
        this.rollbacks = facts.rollbacks().stream()
                .filter(rollback -> rollback.environment().equals(environment))
                .toList();
        this.rules = rules;
    }

    /** The deployments of the environment with their verdicts, in the order of time. */
    static List<Verdict> judge(DeployFacts facts, String environment, Rules rules) {
        EnvironmentHistory history = new EnvironmentHistory(facts, environment, rules);
        history.layRollbacks();
        history.layIncidents();
        history.layHotfixes();
        return history.verdicts();
    }

    private void layRollbacks() {
        for (Rollback rollback : rollbacks) {
            named(rollback.deployment())
                    .or(() -> lastBefore(rollback.at(), deployment -> true))
                    .ifPresent(undone -> {
                        fail(undone, new Reason("rolled back", rollback.eventId()));
                        recover(undone, new Recovery(rollback.at(), "rolled back", rollback.eventId()));
                    });
        }
    }

    private void layIncidents() {
        for (Incident incident : incidents) {
            causeOf(incident).ifPresent(cause -> {
                fail(cause, new Reason("incident " + incident.id(), incident.eventId()));
                incident.resolution()
                        .ifPresent(resolution -> recover(
                                cause,
                                new Recovery(
                                        resolution.at(),
                                        "incident " + incident.id() + " resolved",
                                        resolution.eventId())));
            });
        }
    }

    private void layHotfixes() {
        for (int i = 1; i < deployments.size(); i++) {
            if (isHotfix(deployments.get(i))) {
                fail(
                        deployments.get(i - 1),
                        new Reason("hot fix followed", deployments.get(i).eventId()));
            }
        }
    }

    /** The one it names, else the one of its chain, else of its artifact, else the last before it, not too long ago. */
    private Optional<Deployment> causeOf(Incident incident) {
        Instant at = incident.detectedAt();
        return named(incident.deployment())
                .or(() -> lastBefore(at, deployment -> deployment.chainId().equals(incident.chainId())))
                .or(() -> incident.artifact()
                        .flatMap(artifact -> lastBefore(
                                at, deployment -> deployment.artifact().equals(artifact))))
                .or(() -> lastBefore(at, deployment -> true).filter(last -> !last.servingSince()
                        .plus(rules.incidentWindow())
                        .isBefore(at)));
    }

    private List<Verdict> verdicts() {
        List<Verdict> verdicts = new ArrayList<>();
        for (int i = 0; i < deployments.size(); i++) {
            Deployment deployment = deployments.get(i);
            List<Reason> reasons = failures.getOrDefault(deployment.id(), List.of());
            Optional<Recovery> recovery = reasons.isEmpty() ? Optional.empty() : recoveryOf(deployment, i);
            verdicts.add(new Verdict(deployment, reasons, recovery, rework(deployment)));
        }
        return verdicts;
    }

    private Optional<Recovery> recoveryOf(Deployment deployment, int index) {
        Stream<Recovery> healthy = deployments.subList(index + 1, deployments.size()).stream()
                .filter(later -> !failures.containsKey(later.id()))
                .limit(1)
                .map(later -> new Recovery(later.servingSince(), "healthy deployment", later.eventId()));
        return Stream.concat(recoveries.getOrDefault(deployment.id(), List.of()).stream(), healthy)
                .filter(recovery -> !recovery.at().isBefore(deployment.servingSince()))
                .min(java.util.Comparator.comparing(Recovery::at).thenComparing(Recovery::eventId));
    }

    private List<Reason> rework(Deployment deployment) {
        List<Reason> reasons = new ArrayList<>();
        if (isHotfix(deployment)) {
            reasons.add(new Reason("hot fix", deployment.eventId()));
        }
        for (Incident incident : incidents) {
            boolean answers = incident.chainId().equals(deployment.chainId())
                    && incident.detectedAt().isBefore(deployment.servingSince());
            if (answers) {
                reasons.add(new Reason("incident " + incident.id(), incident.eventId()));
            }
            incident.resolution()
                    .filter(resolution -> resolution
                            .deployment()
                            .equals(Optional.of(deployment.id().toString())))
                    .ifPresent(resolution ->
                            reasons.add(new Reason("resolved incident " + incident.id(), resolution.eventId())));
        }
        return reasons;
    }

    private boolean isHotfix(Deployment deployment) {
        String message = deployment
                .revision()
                .message()
                .flatMap(text -> text.lines().findFirst())
                .orElse("");
        return rules.hotfix().matcher(deployment.revision().branch()).find()
                || rules.hotfix().matcher(message).find();
    }

    private Optional<Deployment> named(Optional<String> id) {
        return id.flatMap(name -> deployments.stream()
                .filter(deployment -> deployment.id().toString().equals(name))
                .findFirst());
    }

    private Optional<Deployment> lastBefore(Instant at, Predicate<Deployment> condition) {
        return deployments.stream()
                .filter(deployment -> !deployment.servingSince().isAfter(at))
                .filter(condition)
                .reduce((earlier, later) -> later);
    }

    private void fail(Deployment deployment, Reason reason) {
        failures.computeIfAbsent(deployment.id(), id -> new ArrayList<>()).add(reason);
    }

    private void recover(Deployment deployment, Recovery recovery) {
        recoveries.computeIfAbsent(deployment.id(), id -> new ArrayList<>()).add(recovery);
    }
}
