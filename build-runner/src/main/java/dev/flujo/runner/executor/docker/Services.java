package dev.flujo.runner.executor.docker;

import dev.flujo.event.plan.Service;
import dev.flujo.runner.executor.RefusedException;
import dev.flujo.runner.executor.container.Limits;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * What runs beside one job, in a network of the job's own where each is reached by its name. All of it carries the job's mark,
 * and goes with it.
 *
 * @param images the ids of the services' images, by name
 */
record Services(
        Engine engine,
        DockerConfig config,
        Networks networks,
        String runner,
        String mark,
        Map<String, Service> services,
        Map<String, String> images,
        Limits limits) {

    private static final Duration STEP = Duration.ofMillis(50);

    Services {
        services = new LinkedHashMap<>(services);
        images = Map.copyOf(images);
    }

    /** The name of the network that the job and its services are in. */
    String network() {
        return ContainerOrder.name(mark);
    }

    /** Makes the network, and starts them. */
    void start() throws IOException {
        networks.make(mark);
        for (Map.Entry<String, Service> service : services.entrySet()) {
            engine.start(new ServiceOrder(
                    runner,
                    mark,
                    service.getKey(),
                    images.get(service.getKey()),
                    service.getValue(),
                    limits,
                    config.runtime()));
        }
        networks.open(network());
    }

    /** Waits until all of them can be used, unless the job is stopped first. */
    void await(BooleanSupplier stopped) throws RefusedException, IOException, InterruptedException {
        for (Map.Entry<String, Service> service : services.entrySet()) {
            if (service.getValue().ready().isPresent()) {
                await(service.getKey(), service.getValue().ready().get(), stopped);
            }
        }
    }

    private void await(String name, Service.Ready ready, BooleanSupplier stopped)
            throws RefusedException, IOException, InterruptedException {
        String container = ServiceOrder.container(mark, name);
        Readiness readiness = new Readiness(engine, container, network(), ready);
        long giveUp = System.nanoTime() + ready.timeout().toNanos();
        long ask = System.nanoTime();
        while (!stopped.getAsBoolean()) {
            if (System.nanoTime() >= ask) {
                if (!engine.runs(container)) {
                    throw notReady(name, container, "it has ended");
                }
                if (readiness.now()) {
                    return;
                }
                ask = System.nanoTime() + ready.every().toNanos();
            }
            if (System.nanoTime() > giveUp) {
                throw notReady(
                        name, container, "it was not within " + ready.timeout().toSeconds() + " s");
            }
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            LockSupport.parkNanos(STEP.toNanos());
        }
    }

    private RefusedException notReady(String name, String container, String found)
            throws IOException, InterruptedException {
        return new RefusedException("Expected the service '" + name + "' to be ready, but " + found
                + "; the last that it printed: " + engine.lastWords(container));
    }
}
