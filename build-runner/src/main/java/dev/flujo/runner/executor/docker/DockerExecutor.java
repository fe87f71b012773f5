package dev.flujo.runner.executor.docker;

import dev.flujo.event.JobEvent.Image;
import dev.flujo.event.Work;
import dev.flujo.event.plan.Service;
import dev.flujo.runner.AttemptDirectory;
import dev.flujo.runner.executor.Execution;
import dev.flujo.runner.executor.JobExecutor;
import dev.flujo.runner.executor.JobPlace;
import dev.flujo.runner.executor.JobUser;
import dev.flujo.runner.executor.RefusedException;
import dev.flujo.runner.executor.container.JobPolicy;
import dev.flujo.runner.executor.container.Limits;
import dev.flujo.runner.executor.container.Place;
import dev.flujo.runner.executor.supervised.Scripts;
import dev.flujo.runner.executor.supervised.StepFiles;
import dev.flujo.runner.executor.supervised.SupervisedExecution;
import dev.flujo.runner.executor.supervised.SupervisorLines;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jboss.logging.Logger;

/**
 * Steps in a container of Docker or Podman, one for each attempt, under a supervisor inside of it. The engine is asked only to
 * start and end containers: steps begin, end and print as those of processes do, and go on when the runner dies.
 */
public final class DockerExecutor implements JobExecutor {

    private static final Logger LOG = Logger.getLogger(DockerExecutor.class);
    private static final Duration STEP = Duration.ofMillis(10);
    private static final int TRIES = 3;

    private final DockerConfig config;
    private final String runner;
    private final Engine engine;
    private final Containers containers;
    private final Optional<HeldNetworks> held;
    private final WarmContainers warm;
    private final Limits limits;
    private final Networks networks;
    private final boolean podman;
    private final Map<Image, String> ids = new ConcurrentHashMap<>();

    /** Has containers of the default image wait, if that is there. The engine has to answer. */
    public DockerExecutor(DockerConfig config, Path runnerDirectory, String runner, Set<String> mayBePrivate)
            throws IOException {
        Path root = runnerDirectory.toAbsolutePath();
        this.config = config;
        this.runner = runner;
        this.engine = new Engine(config.host());
        this.limits = Limits.of(config.memory().asLongValue(), config.cpus(), config.pids());
        Path places = Files.createDirectories(root.resolve("containers"));
        Files.setPosixFilePermissions(places, PosixFilePermissions.fromString("rwx------"));
        Scripts scripts = Scripts.install(root.resolve("container-scripts"));
        this.podman = engine.podman();
        this.networks = Networks.open(engine, config, runner, mayBePrivate);
        this.containers = new Containers(
                engine,
                config,
                networks,
                runner,
                root,
                scripts.directory(),
                JobUser.of("flujo.runner.docker.user", config.user(), places));
        Optional<Kind> usual = engine.image(config.image()).map(image -> new Kind(image.id(), networks.common()));
        // Runtimes that are more than namespaces have networks of their own, and so has each container of Podman.
        this.held = usual.filter(kind -> config.runtime().isEmpty() && !kind.alone())
                .map(kind -> new HeldNetworks(containers, kind, config.networksAhead()));
        this.warm = new WarmContainers(containers, limits, held, config.ahead(), config.aheadImages());
        usual.ifPresent(warm::prepare);
    }

    @Override
    public String isolation() {
        return "jobs run in containers, not as root, without capabilities, on a root file system that is only read; "
                + switch (config.network()) {
                    case NONE -> "they reach nothing";
                    case ALLOW -> "they reach hosts that are named, by a proxy";
                    case OPEN -> "they reach everything but each other";
                };
    }

    @Override
    public JobPlace place(AttemptDirectory directory) {
        return Place.job();
    }

    @Override
    public Optional<Image> prepare(Work work, BooleanSupplier stopped)
            throws RefusedException, IOException, InterruptedException {
        JobPolicy.check(work);
        Limits own = limits(work);
        ImageId image = resolve(image(work));
        ids.put(image.image(), image.id());
        for (Service service : work.job().placement().services().values()) {
            resolve(service.image());
        }
        if (work.job().placement().services().isEmpty() && mayWait(own)) {
            warm.order(new Kind(image.id(), networks.common()));
        }
        return Optional.of(image.image());
    }

    @Override
    public Execution begin(AttemptDirectory directory, Work work, Map<String, String> environment)
            throws RefusedException, IOException, InterruptedException {
        Limits own = limits(work);
        String image = id(directory, work);
        if (!work.job().placement().services().isEmpty()) {
            return beginServed(directory, work, environment, image, own);
        }
        Kind kind = new Kind(image, networks.common());
        for (int attempt = 0; attempt < TRIES; attempt++) {
            JobContainer container = mayWait(own) ? warm.take(kind) : containers.start(kind, own);
            StepFiles.write(
                    directory.steps(),
                    work,
                    networks.environment(environment, networks.of(container.mark()), List.of()));
            Optional<Execution> execution = begin(container, own, directory, work);
            if (execution.isPresent()) {
                return execution.get();
            }
            warm.forget(container.mark());
        }
        throw new IOException("Expected a container to begin the job, but " + TRIES + " ended before they had");
    }

    /** Whether a job with these limits can be in a container that was started before anybody knew of it. */
    private boolean mayWait(Limits own) {
        return own.equals(limits) || !podman;
    }

    /** A job with services is in a network of its own, so no container can wait for it. */
    private Execution beginServed(
            AttemptDirectory directory, Work work, Map<String, String> environment, String image, Limits own)
            throws RefusedException, IOException, InterruptedException {
        Map<String, Service> services = work.job().placement().services();
        Map<String, String> images = new HashMap<>();
        for (Map.Entry<String, Service> service : services.entrySet()) {
            images.put(service.getKey(), resolve(service.getValue().image()).id());
        }
        String mark = containers.mark();
        Services beside = new Services(engine, config, networks, runner, mark, services, images, own);
        return new ServedExecution(
                beside,
                () -> {
                    StepFiles.write(
                            directory.steps(),
                            work,
                            networks.environment(environment, beside.network(), services.keySet()));
                    return begin(containers.start(mark, new Kind(image, beside.network()), own), own, directory, work)
                            .orElseThrow(() -> new IOException("Expected a container to begin the job, but it ended"));
                },
                () -> remove(mark));
    }

    /** None if the container was not there any more, and so has begun nothing. */
    private Optional<Execution> begin(JobContainer container, Limits own, AttemptDirectory directory, Work work)
            throws IOException {
        if (!own.equals(limits) && !podman) {
            engine.limit(ContainerOrder.name(container.mark()), own);
        }
        return container
                .supervise(directory, work.job().steps().size())
                .map(lines -> execution(container.mark(), lines));
    }

    /** One that is just being told its attempt, or has just lost its runner, will soon have done one thing or the other. */
    @Override
    public boolean begun(AttemptDirectory directory) throws IOException, InterruptedException {
        Optional<String> mark = directory.supervisor();
        while (!Files.exists(directory.events())) {
            if (mark.isEmpty() || !engine.runs(ContainerOrder.name(mark.get()))) {
                return Files.exists(directory.events());
            }
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            LockSupport.parkNanos(STEP.toNanos());
        }
        return true;
    }

    @Override
    public Execution takeUp(AttemptDirectory directory, Work work) throws IOException {
        String mark = directory
                .supervisor()
                .orElseThrow(() -> new IOException("nobody was told to supervise " + directory.path()));
        return execution(mark, new SupervisorLines.OfFile(directory.events(), () -> runs(mark)));
    }

    @Override
    public void keepOnly(List<AttemptDirectory> open) throws IOException {
        Set<String> kept = new HashSet<>();
        for (AttemptDirectory directory : open) {
            directory.supervisor().ifPresent(kept::add);
        }
        containers.removeOthersThan(kept);
        for (String mark : engine.networks(runner)) {
            if (kept.contains(mark) && engine.runs(ContainerOrder.name(mark))) {
                networks.open(ContainerOrder.name(mark));
            }
        }
    }

    @Override
    public int waiting() {
        return warm.count();
    }

    @Override
    public void close() {
        warm.close();
        held.ifPresent(HeldNetworks::close);
        networks.close();
        try {
            engine.close();
        } catch (IOException e) {
            LOG.debugf("the connection to the engine did not close: %s", e.getMessage());
        }
    }

    private Execution execution(String mark, SupervisorLines lines) {
        return new SupervisedExecution(patience -> end(mark, patience), lines);
    }

    private void remove(String mark) {
        try {
            containers.remove(mark);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void end(String mark, Duration patience) {
        try {
            engine.end(ContainerOrder.name(mark), patience);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        warm.forget(mark);
    }

    /** While the engine does not answer, nobody knows; the container is not given up. */
    private boolean runs(String mark) {
        try {
            return engine.runs(ContainerOrder.name(mark));
        } catch (IOException e) {
            LOG.warnf("%s", e.getMessage());
            return true;
        }
    }

    private Limits limits(Work work) throws RefusedException {
        var asked = work.job().placement().resources();
        return asked.isPresent() ? limits.with(asked.get()) : limits;
    }

    /** The image that was made sure of, also where its name stands for another one by now. */
    private String id(AttemptDirectory directory, Work work)
            throws RefusedException, IOException, InterruptedException {
        String known = directory.image().map(ids::get).orElse(null);
        return known != null ? known : resolve(image(work)).id();
    }

    private String image(Work work) {
        return work.job().placement().image().orElse(config.image());
    }

    private ImageId resolve(String name) throws RefusedException, IOException, InterruptedException {
        Optional<ImageId> there = engine.image(name);
        boolean pull =
                switch (config.pull()) {
                    case ALWAYS -> true;
                    case MISSING -> there.isEmpty();
                    case NEVER -> false;
                };
        if (pull) {
            engine.pull(name);
            there = engine.image(name);
        }
        return there.orElseThrow(() -> new RefusedException("Expected the image " + name
                + " on the runner's machine, since flujo.runner.docker.pull is never, but it is not there"));
    }
}
