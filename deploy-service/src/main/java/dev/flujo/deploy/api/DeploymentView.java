package dev.flujo.deploy.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.flujo.deploy.ConfigHistory.Seen;
import dev.flujo.deploy.History.Entry;
import dev.flujo.deploy.Incidents.Incident;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;

/** One deployment as the API shows it. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record DeploymentView(
        UUID deployment,
        String state,
        Instant at,
        UUID run,
        String commit,
        String branch,
        String by,
        String address,
        String url,
        String reason,
        UUID previous,
        List<SiteView> sites,
        Map<String, List<Integer>> config,
        List<IncidentView> incidents) {

    /**
     * @param url where people find what it brought
     * @param sites where it went to
     * @param seen the versions of settings and secrets that it was given
     * @param incidents those that followed it
     */
    static DeploymentView of(
            Entry entry, Optional<String> url, List<SiteView> sites, List<Seen> seen, List<Incident> incidents) {
        return new DeploymentView(
                entry.deployment(),
                entry.state(),
                entry.at(),
                entry.run(),
                entry.commit().orElse(null),
                entry.branch(),
                entry.by(),
                entry.address().orElse(null),
                url.orElse(null),
                entry.reason().orElse(null),
                entry.previous().orElse(null),
                sites,
                seen.isEmpty() ? null : versions(seen),
                incidents.isEmpty()
                        ? null
                        : incidents.stream().map(IncidentView::of).toList());
    }

    private static Map<String, List<Integer>> versions(List<Seen> seen) {
        return seen.stream()
                .collect(Collectors.groupingBy(
                        Seen::item, TreeMap::new, Collectors.mapping(Seen::version, Collectors.toList())));
    }
}
