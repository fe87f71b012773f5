package dev.flujo.deploy;

import dev.flujo.event.Work;
import java.io.IOException;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * What deployments are applied to. Applying the same deployment again, after any interruption, goes on where it was: what
 * was started is not started again, and what took over stays.
 */
public interface Target {

    /** A deployment that took over: where it is reached, since when it serves, and what served before it. */
    record Serving(UUID deployment, String address, Instant since, Optional<UUID> previous) {}

    /** What is to be applied, and how to say what happens and to learn that it shall stop. */
    record Application(UUID deployment, Work work, Consumer<String> progress, StopSign stop) {}

    /** Whether somebody wants the deployment to end before it takes over. */
    interface StopSign {

        boolean raised();
    }

    /** The new version will not serve; what served before serves on. */
    final class NotApplied extends Exception {

        public NotApplied(String reason) {
            super(reason);
        }
    }

    /**
     * Brings the new version up beside the old one, waits until it is healthy, lets it take over, and ends the old one.
     *
     * @throws NotApplied if it did not become healthy in time, or was stopped
     * @throws IOException if the target itself is in trouble; whether it was applied is seen when it is applied again
     */
    Serving apply(Application application) throws NotApplied, IOException, InterruptedException;

    /** What serves in an environment now. */
    Optional<Serving> serving(String project, String environment) throws IOException;

    /** Whether the processes of what serves are alive. */
    boolean live(String project, String environment) throws IOException;
}
