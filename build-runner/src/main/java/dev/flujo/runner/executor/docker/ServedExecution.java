package dev.flujo.runner.executor.docker;

import dev.flujo.runner.executor.Execution;
import dev.flujo.runner.executor.RefusedException;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/** Steps that begin once the services beside them can be used. */
final class ServedExecution implements Execution {

    /** Begins the steps. */
    interface Beginning {
        Execution begin() throws RefusedException, IOException, InterruptedException;
    }

    private final Services services;
    private final Beginning beginning;
    private final Runnable removal;
    private Optional<Execution> steps = Optional.empty();
    private volatile boolean stopped;

    /** @param removal removes the services, and the job's container if there is one */
    ServedExecution(Services services, Beginning beginning, Runnable removal) {
        this.services = services;
        this.beginning = beginning;
        this.removal = removal;
    }

    @Override
    public Transition next() throws RefusedException, IOException, InterruptedException {
        Optional<Execution> begun = begun();
        return begun.isPresent() ? begun.get().next() : new Transition.Ended();
    }

    /** What is being started is there before it is removed. */
    @Override
    public void stop(Duration patience) {
        stopped = true;
        synchronized (this) {
            steps.ifPresent(execution -> execution.stop(patience));
            removal.run();
        }
    }

    private Optional<Execution> begun() throws RefusedException, IOException, InterruptedException {
        if (steps.isEmpty()) {
            unlessStopped(services::start);
            await();
            unlessStopped(() -> steps = Optional.of(beginning.begin()));
        }
        return steps;
    }

    private void await() throws RefusedException, IOException, InterruptedException {
        try {
            services.await(() -> stopped);
        } catch (RefusedException | IOException e) {
            if (!stopped) {
                throw e;
            }
        }
    }

    private synchronized void unlessStopped(Action action) throws RefusedException, IOException, InterruptedException {
        if (!stopped) {
            action.act();
        }
    }

    /** Something that is done at once or, once stopped, not at all. */
    private interface Action {
        void act() throws RefusedException, IOException, InterruptedException;
    }
}
