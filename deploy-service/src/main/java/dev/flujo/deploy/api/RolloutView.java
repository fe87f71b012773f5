package dev.flujo.deploy.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.flujo.deploy.rollout.Ongoing;
import java.time.Instant;
import java.util.UUID;

/** A rollout on its way: its stage, its share of the traffic in percent, and what a person is asked there. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record RolloutView(
        UUID deployment,
        UUID before,
        int stage,
        int stages,
        int percent,
        Instant since,
        String question,
        String preview) {

    static RolloutView of(Ongoing rollout) {
        return new RolloutView(
                rollout.deployment(),
                rollout.before().orElse(null),
                rollout.stage(),
                rollout.stages(),
                rollout.percent(),
                rollout.since(),
                rollout.question().orElse(null),
                rollout.preview().orElse(null));
    }
}
