package dev.flujo.deploy.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.flujo.deploy.rollout.Ongoing;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** A rollout on its way: its stage, in which wave and sites, its share of the traffic there in percent, and what a person is asked. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record RolloutView(
        UUID deployment,
        UUID before,
        int stage,
        int stages,
        String wave,
        List<SiteView> sites,
        int percent,
        Instant since,
        String question,
        String preview) {

    static RolloutView of(Ongoing rollout) {
        String wave = rollout.wave().orElse(null);
        return new RolloutView(
                rollout.deployment(),
                rollout.before().orElse(null),
                rollout.stage(),
                rollout.stages(),
                wave,
                rollout.sites().isEmpty()
                        ? null
                        : rollout.sites().stream()
                                .map(site -> SiteView.of(wave, site))
                                .toList(),
                rollout.percent(),
                rollout.since(),
                rollout.question().orElse(null),
                rollout.preview().orElse(null));
    }
}
