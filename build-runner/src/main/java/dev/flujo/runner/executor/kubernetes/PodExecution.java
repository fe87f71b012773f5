package dev.flujo.runner.executor.kubernetes;

import dev.flujo.runner.executor.Execution;
import dev.flujo.runner.executor.RefusedException;
import io.fabric8.kubernetes.api.model.Pod;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Steps in a pod, as their supervisor tells them; where that is gone, the cluster says why. A cluster that ends the whole
 * container when its memory is used up ends the step that ran by it, with all that could have told.
 */
final class PodExecution implements Execution {

    /** The exit code of what SIGKILL ends. */
    private static final int KILLED = 137;

    private final Execution supervised;
    private final Supplier<Optional<Pod>> pod;
    private Optional<Integer> running = Optional.empty();
    private boolean outOfMemory;

    /** @param pod how the pod was seen last */
    PodExecution(Execution supervised, Supplier<Optional<Pod>> pod) {
        this.supervised = supervised;
        this.pod = pod;
    }

    @Override
    public Transition next() throws RefusedException, IOException, InterruptedException {
        if (outOfMemory) {
            return new Transition.Ended();
        }
        Transition next = supervised.next();
        if (next instanceof Transition.StepBegan began) {
            running = Optional.of(began.step());
        } else if (next instanceof Transition.StepEnded) {
            running = Optional.empty();
        } else if (next instanceof Transition.Vanished) {
            return vanished();
        }
        return next;
    }

    @Override
    public void stop(Duration patience) {
        supervised.stop(patience);
    }

    private Transition vanished() {
        Optional<Pod> last = pod.get();
        if (running.isPresent() && last.filter(PodState::ranOutOfMemory).isPresent()) {
            outOfMemory = true;
            return new Transition.StepEnded(running.get(), KILLED, Instant.now(), Optional.of(RanOut.MEMORY));
        }
        return new Transition.Vanished(last.map(PodState::why));
    }
}
