package dev.flujo.runner.executor;

import dev.flujo.event.JobEvent.Image;
import dev.flujo.event.Work;
import dev.flujo.runner.AttemptDirectory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * Executes the steps of an attempt one after the other, in one place, each with its output in its own file; after one that
 * failed only those that say so, unless that one may fail. A step whose condition is false is left out. An execution
 * goes on when the runner dies, and can be taken up again from its directory; it is never begun twice.
 */
public interface JobExecutor {

    /** What keeps jobs apart from the machine and from each other, in a sentence for whoever looks after the runner. */
    String isolation();

    /** Where the steps of an attempt find their things. */
    JobPlace place(AttemptDirectory directory);

    /** Where the home directory of an attempt's steps lies on this machine before and after they are executed. */
    default Path home(AttemptDirectory directory) {
        return directory.home();
    }

    /**
     * Sees that there is what the work is executed in, before anything of it starts, and says which image that is; none
     * where there is no such thing, or where the attempt was stopped while this waited.
     */
    default Optional<Image> prepare(Work work, BooleanSupplier stopped)
            throws RefusedException, IOException, InterruptedException {
        return Optional.empty();
    }

    /** Lets go of what was prepared for work that is over, also where its steps were never begun. */
    default void release(Work work) {
        // Where nothing was made for this work alone, nothing has to go.
    }

    /** Begins the steps of an attempt in its workspace, with this environment. */
    Execution begin(AttemptDirectory directory, Work work, Map<String, String> environment)
            throws RefusedException, IOException, InterruptedException;

    /** Whether the steps of the attempt were begun before the runner restarted; if not, they may still be. */
    boolean begun(AttemptDirectory directory) throws IOException, InterruptedException;

    /** Takes up what was begun before the runner restarted. What has vanished says so at once. */
    Execution takeUp(AttemptDirectory directory, Work work) throws IOException;

    /** Removes what earlier lives of the runner have left behind, but for what these attempts go on in. */
    default void keepOnly(List<AttemptDirectory> open) throws IOException {
        // An executor that leaves nothing behind has nothing to remove.
    }

    /** How many places wait for attempts that are not there yet. */
    default int waiting() {
        return 0;
    }

    /** Lets go of what waits for work; what is executed goes on. */
    default void close() {
        // What waits elsewhere ends with its runner.
    }
}
