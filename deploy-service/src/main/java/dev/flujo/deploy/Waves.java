package dev.flujo.deploy;

import dev.flujo.event.plan.Deploy;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Where a deployment comes to, wave after wave; one that names no waves comes to one site at once. */
public record Waves(List<Group> groups) {

    /** Sites that are deployed to together. Each stands in one group, the first that names it. */
    public record Group(Optional<Deploy.Wave> wave, List<Site> sites) {

        public Group {
            sites = List.copyOf(sites);
        }
    }

    public Waves {
        groups = List.copyOf(groups);
    }

    /**
     * The waves of a deployment.
     *
     * @param own the deployment's own cluster and namespace, which is also what a wave does not say
     */
    public static Waves of(Deploy deploy, Site own) {
        List<Deploy.Wave> waves = deploy.rollout().waves();
        if (waves.isEmpty()) {
            return new Waves(List.of(new Group(Optional.empty(), List.of(own))));
        }
        Set<Site> known = new LinkedHashSet<>();
        List<Group> groups = new ArrayList<>();
        for (Deploy.Wave wave : waves) {
            List<Site> sites = new ArrayList<>();
            for (String cluster : named(wave.clusters(), own.cluster())) {
                for (String namespace : named(wave.namespaces(), own.namespace())) {
                    Site site = new Site(cluster, namespace);
                    if (known.add(site)) {
                        sites.add(site);
                    }
                }
            }
            groups.add(new Group(Optional.of(wave), sites));
        }
        return new Waves(groups);
    }

    public List<Site> sites() {
        return groups.stream().flatMap(group -> group.sites().stream()).toList();
    }

    private static List<String> named(List<String> names, String own) {
        return names.isEmpty() ? List.of(own) : names;
    }
}
