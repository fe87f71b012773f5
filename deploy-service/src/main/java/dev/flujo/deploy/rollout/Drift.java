package dev.flujo.deploy.rollout;

import dev.flujo.event.DriftEvent.Difference;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** In what an environment is not as this deployment was applied there, and since when that is known. */
public record Drift(UUID deployment, Instant since, List<Difference> differences) {

    public Drift {
        differences = List.copyOf(differences);
    }
}
