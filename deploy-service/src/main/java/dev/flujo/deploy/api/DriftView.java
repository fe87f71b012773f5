package dev.flujo.deploy.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.flujo.deploy.rollout.Drift;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** In what an environment is not as it was applied; no fields where it is. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record DriftView(UUID deployment, Instant since, List<Field> fields) {

    /** One field: what was applied, what is there, and who has changed it. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Field(String object, String field, String wanted, String found, String manager) {}

    static DriftView of(Optional<Drift> drift) {
        return drift.map(known -> new DriftView(
                        known.deployment(),
                        known.since(),
                        known.differences().stream()
                                .map(difference -> new Field(
                                        difference.object(),
                                        difference.field(),
                                        difference.wanted().orElse(null),
                                        difference.found().orElse(null),
                                        difference.manager().orElse(null)))
                                .toList()))
                .orElse(new DriftView(null, null, List.of()));
    }
}
