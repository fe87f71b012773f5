package dev.flujo.deploy.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.UUID;

/** What a rollback does: it brings one deployment back in the place of another, or aborts a rollout that is on its way. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record RollBackView(UUID rollback, UUID to, UUID undone, UUID aborted) {}
