package dev.flujo.deploy.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.flujo.deploy.History.Entry;
import java.time.Instant;
import java.util.UUID;

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
        String reason,
        UUID previous) {

    static DeploymentView of(Entry entry) {
        return new DeploymentView(
                entry.deployment(),
                entry.state(),
                entry.at(),
                entry.run(),
                entry.commit().orElse(null),
                entry.branch(),
                entry.by(),
                entry.address().orElse(null),
                entry.reason().orElse(null),
                entry.previous().orElse(null));
    }
}
