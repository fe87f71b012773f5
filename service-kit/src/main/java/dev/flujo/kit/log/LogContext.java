package dev.flujo.kit.log;

import dev.flujo.event.AssignmentEvent;
import dev.flujo.event.CommandEvent;
import dev.flujo.event.DeployEvent;
import dev.flujo.event.Envelope;
import dev.flujo.event.Event;
import dev.flujo.event.JobEvent;
import dev.flujo.event.LogEvent;
import dev.flujo.event.ReportEvent;
import dev.flujo.event.RunEvent;
import dev.flujo.event.TestEvent;
import java.util.Optional;
import java.util.UUID;
import org.jboss.logging.MDC;

/** Puts the run id and the trace id of an event on every line that is logged while its action runs. */
public final class LogContext {

    private LogContext() {}

    /** Runs an action in the context of an event. */
    public static void run(Envelope envelope, Runnable action) {
        MDC.put("traceId", envelope.traceId());
        run(envelope.event()).ifPresent(run -> MDC.put("runId", run.toString()));
        try {
            action.run();
        } finally {
            MDC.remove("traceId");
            MDC.remove("runId");
        }
    }

    private static Optional<UUID> run(Event event) {
        if (event instanceof RunEvent e) return Optional.of(e.run());
        if (event instanceof CommandEvent e) return Optional.of(e.run());
        if (event instanceof JobEvent e) return Optional.of(e.attempt().run());
        if (event instanceof TestEvent e) return Optional.of(e.attempt().run());
        if (event instanceof ReportEvent e) return Optional.of(e.attempt().run());
        if (event instanceof LogEvent e) return Optional.of(e.attempt().run());
        if (event instanceof AssignmentEvent e) return Optional.of(e.attempt().run());
        if (event instanceof DeployEvent.ServiceDeployed e)
            return Optional.of(e.attempt().run());
        if (event instanceof DeployEvent.ServiceUpgraded e)
            return Optional.of(e.attempt().run());
        return Optional.empty();
    }
}
