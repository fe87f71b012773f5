package dev.flujo.kit.time;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;

/**
 * A service whose clock was set back is to be replaced: the clients of Kafka count by it, and stand still until it is again as
 * late as they have seen it, so they lose their groups and do not come back to them.
 */
@Liveness
@ApplicationScoped
public class ClockHealth implements HealthCheck {

    /** So much passes unnoticed: members of groups may be silent for longer. */
    private static final Duration LEAST = Duration.ofSeconds(5);

    private final Clock clock;
    private Instant latest;

    ClockHealth() {
        this(Clock.systemUTC());
    }

    ClockHealth(Clock clock) {
        this.clock = clock;
        this.latest = clock.instant();
    }

    @Override
    public synchronized HealthCheckResponse call() {
        Instant now = clock.instant();
        latest = now.isAfter(latest) ? now : latest;
        Duration back = Duration.between(now, latest);
        return HealthCheckResponse.named("clock")
                .status(back.compareTo(LEAST) <= 0)
                .withData("now", now.toString())
                .withData("set-back-seconds", back.toSeconds())
                .build();
    }
}
