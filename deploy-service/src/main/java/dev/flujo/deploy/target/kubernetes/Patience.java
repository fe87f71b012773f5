package dev.flujo.deploy.target.kubernetes;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/** Does something again until it is done: at once when somebody else has written, for a while when a cluster is in trouble. */
record Patience(Duration outage) {

    private static final Logger LOG = Logger.getLogger(Patience.class);
    private static final Duration PAUSE = Duration.ofMillis(100);

    /** What asks a cluster, and then tells it; it may be done any number of times. */
    interface Exchange<T> {

        T carryOut() throws Stale, Refused, IOException;
    }

    /** @throws IOException if the cluster is in trouble for too long, or does not want it at all */
    <T> T with(Exchange<T> exchange) throws IOException {
        Instant end = Instant.now().plus(outage);
        while (true) {
            try {
                return exchange.carryOut();
            } catch (Refused e) {
                throw new IOException(e.getMessage(), e);
            } catch (Stale e) {
                LOG.debugf("looks again: %s", e.getMessage());
                if (Instant.now().isAfter(end)) {
                    throw new IOException(e.getMessage(), e);
                }
            } catch (IOException e) {
                LOG.warnf("looks again: %s", e.getMessage());
                if (Instant.now().isAfter(end)) {
                    throw e;
                }
            }
            pause();
        }
    }

    private static void pause() throws InterruptedIOException {
        try {
            TimeUnit.MILLISECONDS.sleep(PAUSE.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("the service is being stopped");
        }
    }
}
