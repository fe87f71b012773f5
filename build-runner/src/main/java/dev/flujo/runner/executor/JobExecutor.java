package dev.flujo.runner.executor;

import dev.flujo.event.Work;
import dev.flujo.runner.AttemptDirectory;
import java.io.IOException;
import java.util.Map;

/**
 * Executes the steps of an attempt one after the other, in one place, each with its output in its own file; after one that
 * failed only those that say so, unless that one may fail. A step whose condition is false is left out. An execution
 * goes on when the runner dies, and can be taken up again from its directory; it is never begun twice.
 */
public interface JobExecutor {

    /** Begins the steps of an attempt in its workspace, with this environment. */
    Execution begin(AttemptDirectory directory, Work work, Map<String, String> environment) throws IOException;

    /** Whether the steps of the attempt were begun before the runner restarted; if not, they may still be. */
    boolean begun(AttemptDirectory directory) throws IOException;

    /** Takes up what was begun before the runner restarted. What has vanished says so at once. */
    Execution takeUp(AttemptDirectory directory, Work work) throws IOException;
}
