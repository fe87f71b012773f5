package dev.flujo.kit.event;

import io.quarkus.arc.DefaultBean;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.util.concurrent.TimeoutException;

/** Tells failures that pass (a database that is away) from those that will come again with the same record. */
public interface TransientFailure {

    /** Whether the same call may succeed later. */
    boolean passes(Throwable failure);

    /** What holds for every service: input, output and time-outs pass; so does what a database driver says of its nodes. */
    @DefaultBean
    @ApplicationScoped
    class ByName implements TransientFailure {

        @Override
        public boolean passes(Throwable failure) {
            for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
                if (cause instanceof IOException || cause instanceof TimeoutException || isOfDriver(cause)) {
                    return true;
                }
            }
            return false;
        }

        /** The kit does not depend on the database driver; its node, connection and server errors go by these names. */
        private static boolean isOfDriver(Throwable cause) {
            String name = cause.getClass().getName();
            return name.startsWith("com.datastax.oss.driver.api.core.")
                    && !name.endsWith("InvalidQueryException")
                    && !name.endsWith("SyntaxError");
        }
    }
}
