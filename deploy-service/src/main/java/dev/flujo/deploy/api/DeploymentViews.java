package dev.flujo.deploy.api;

import dev.flujo.deploy.ConfigHistory;
import dev.flujo.deploy.ConfigHistory.Seen;
import dev.flujo.deploy.DeployService;
import dev.flujo.deploy.Environment;
import dev.flujo.deploy.History.Entry;
import dev.flujo.deploy.Incidents;
import dev.flujo.deploy.Incidents.Incident;
import dev.flujo.deploy.Url;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/** Deployments with what is known of them besides: what they were given, and what went wrong after them. */
@ApplicationScoped
class DeploymentViews {

    private final DeployService service;
    private final ConfigHistory config;
    private final Incidents incidents;

    DeploymentViews(DeployService service, ConfigHistory config, Incidents incidents) {
        this.service = service;
        this.config = config;
        this.incidents = incidents;
    }

    /** Where people find what a deployment brought: as its pipeline said, else where it was reached. */
    Optional<String> url(Entry entry) {
        return entry.address().isEmpty()
                ? Optional.empty()
                : url(new Environment(entry.project(), entry.environment()), entry.deployment())
                        .or(entry::address);
    }

    /** Where people find what a deployment brought, if its pipeline said so. */
    Optional<String> url(Environment environment, UUID deployment) {
        try {
            return service.rollouts().work(environment, deployment).flatMap(Url::said);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    List<DeploymentView> views(Environment environment, List<Entry> entries) {
        if (entries.isEmpty()) {
            return List.of();
        }
        Set<UUID> deployments = entries.stream().map(Entry::deployment).collect(Collectors.toSet());
        Map<UUID, List<Seen>> seen = config.ofDeployments(environment, deployments).stream()
                .collect(Collectors.groupingBy(Seen::deployment));
        Map<UUID, List<Incident>> followed = incidents.ofDeployments(environment, deployments).stream()
                .filter(incident -> incident.deployment().isPresent())
                .collect(Collectors.groupingBy(incident -> incident.deployment().orElseThrow()));
        return entries.stream()
                .map(entry -> DeploymentView.of(
                        entry,
                        url(entry),
                        sites(environment, entry),
                        seen.getOrDefault(entry.deployment(), List.of()),
                        followed.getOrDefault(entry.deployment(), List.of())))
                .toList();
    }

    /** An entry of a rollback names the deployment that serves again. */
    private List<SiteView> sites(Environment environment, Entry entry) {
        try {
            return SiteView.of(service.rollouts().waves(environment, entry.deployment()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
