package dev.flujo.deploy;

import dev.flujo.event.Work;
import java.io.IOException;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * What deployments are applied to, each at most once. Applying the same deployment again, after any interruption, goes on
 * where it was: what was started is not started again, what took over stays, and what was given up stays given up, for the
 * same reason at the same moment. One environment takes one deployment after the other.
 */
public interface Target {

    /** A deployment that took over: where it is reached, since when it serves, and what served before it. */
    record Serving(UUID deployment, String address, Instant since, Optional<UUID> previous) {}

    /**
     * What is to be applied, and how to say what happens and to learn that it shall stop.
     *
     * @param fence rises from one deployment of an environment to the next: what carries a higher one is newer
     */
    record Application(UUID deployment, long fence, Work work, Consumer<String> progress, StopSign stop) {}

    /** Why somebody wants the deployment to end before it takes over, if somebody does. */
    interface StopSign {

        Optional<String> reason();
    }

    /** The new version will not serve, as was settled at that moment; what served before serves on. */
    final class NotApplied extends Exception {

        private final transient Instant at;

        public NotApplied(String reason, Instant at) {
            super(reason);
            this.at = at;
        }

        public Instant at() {
            return at;
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
