package dev.flujo.deploy.rollout;

import java.util.Optional;
import java.util.UUID;

/**
 * How far what serves has come with the settings and secrets of its environment.
 *
 * @param given whether it has the newest ones
 * @param restarted whether its replicas were started with those, where it reads them only then
 * @param trouble why they were not
 */
public record ConfigState(UUID deployment, boolean given, Optional<Boolean> restarted, Optional<String> trouble) {

    /** The same in another site. */
    ConfigState and(ConfigState other) {
        return new ConfigState(
                deployment,
                given && other.given(),
                restarted.map(here -> here && other.restarted().orElse(true)),
                trouble.or(other::trouble));
    }
}
