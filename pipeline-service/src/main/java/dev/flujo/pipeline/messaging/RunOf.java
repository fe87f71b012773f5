package dev.flujo.pipeline.messaging;

import dev.flujo.core.run.Run;
import dev.flujo.event.DeployEvent;
import dev.flujo.event.Event;
import dev.flujo.event.JobEvent;
import dev.flujo.event.LockEvent;
import dev.flujo.event.RunEvent;
import java.util.Optional;
import java.util.UUID;

/** The run on whose log an event lies. */
final class RunOf {

    private RunOf() {}

    static Optional<UUID> event(Event event) {
        if (event instanceof RunEvent e) return Optional.of(e.run());
        if (event instanceof JobEvent e) return Optional.of(e.attempt().run());
        if (event instanceof LockEvent e) return Optional.of(e.run());
        if (event instanceof DeployEvent e && !e.ofEnvironment()) {
            return Optional.of(Run.deployAttempt(e).run());
        }
        return Optional.empty();
    }
}
