package dev.flujo.deploy.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.flujo.deploy.rollout.ConfigState;
import java.util.Optional;
import java.util.UUID;

/** Whether what serves has the newest settings and secrets, and was started with them where it reads them only then. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ConfigStateView(UUID deployment, Boolean given, Boolean restarted, String trouble) {

    static ConfigStateView of(Optional<ConfigState> state) {
        return state.map(known -> new ConfigStateView(
                        known.deployment(),
                        known.given(),
                        known.restarted().orElse(null),
                        known.trouble().orElse(null)))
                .orElse(new ConfigStateView(null, null, null, null));
    }
}
