package dev.flujo.deploy;

import java.util.Optional;

/** Why somebody wants a deployment to end before its version takes over, if somebody does. */
public interface StopSign {

    Optional<String> reason();
}
