package dev.flujo.deploy.rollout;

import dev.flujo.deploy.Environment;
import dev.flujo.event.DerivedId;
import java.util.UUID;

/**
 * An environment is to be taken down, unless something newer has been deployed to it than is meant here.
 *
 * @param last the deployment that came last to what is to be taken down
 */
public record TakeDown(UUID id, Environment environment, UUID last, String by, String reason) {

    /** What has come last is taken down at most once, whoever wants it and however often. */
    public static TakeDown of(Environment environment, UUID last, String by, String reason) {
        UUID id = DerivedId.of("takedown", environment.project(), environment.name(), last.toString());
        return new TakeDown(id, environment, last, by, reason);
    }
}
