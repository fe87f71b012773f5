package dev.flujo.deploy.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.flujo.deploy.Site;
import dev.flujo.deploy.Waves;
import dev.flujo.event.plan.Deploy;
import java.util.List;

/** A namespace of a cluster that a deployment comes to, and in which wave. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record SiteView(String wave, String cluster, String namespace) {

    static SiteView of(String wave, Site site) {
        return new SiteView(wave, site.cluster(), site.namespace());
    }

    /** All of them in their order; null on a target that has no clusters. */
    static List<SiteView> of(Waves waves) {
        List<SiteView> views = waves.groups().stream()
                .flatMap(group -> group.sites().stream()
                        .map(site -> of(group.wave().map(Deploy.Wave::name).orElse(null), site)))
                .toList();
        return views.isEmpty() ? null : views;
    }
}
