package dev.flujo.runner.executor.docker;

import dev.flujo.runner.executor.JobUser;
import dev.flujo.runner.executor.container.Limits;
import dev.flujo.runner.executor.container.Place;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.logging.Logger;

/** Makes the containers of one runner, and removes them with their directories. */
final class Containers {

    private static final Logger LOG = Logger.getLogger(Containers.class);

    private final Engine engine;
    private final DockerConfig config;
    private final Networks networks;
    private final String runner;
    private final Path root;
    private final Path scripts;
    private final JobUser user;
    private final Set<String> made = ConcurrentHashMap.newKeySet();
    private final Map<String, Object> removals = new ConcurrentHashMap<>();

    /**
     * @param root the runner's directory
     * @param scripts where the supervisor's scripts are installed
     */
    Containers(
            Engine engine,
            DockerConfig config,
            Networks networks,
            String runner,
            Path root,
            Path scripts,
            JobUser user) {
        this.engine = engine;
        this.config = config;
        this.networks = networks;
        this.runner = runner;
        this.root = root;
        this.scripts = scripts;
        this.user = user;
    }

    /** A container that waits. One that could not be started leaves nothing behind. */
    JobContainer start(Kind kind, Limits limits) throws IOException, InterruptedException {
        return start(mark(), kind, limits);
    }

    /** Has a container of this kind do nothing, and gives its mark: that of the job's container that may join it. */
    String hold(Kind kind) throws IOException {
        String mark = mark();
        try {
            engine.start(new HolderOrder(runner, mark, kind, user));
            return mark;
        } catch (IOException | RuntimeException e) {
            remove(mark);
            throw e;
        }
    }

    /** A container that waits, in the place that is held for this mark. */
    JobContainer join(String mark, Kind kind, Limits limits) throws IOException, InterruptedException {
        return start(mark, kind.beside(HolderOrder.name(mark)), limits);
    }

    /** A mark for a container, which this life of the runner makes. */
    String mark() {
        String mark = UUID.randomUUID().toString();
        made.add(mark);
        return mark;
    }

    /** A container with this mark that waits. */
    JobContainer start(String mark, Kind kind, Limits limits) throws IOException, InterruptedException {
        try {
            Place place = Place.make(place(mark), user);
            Pipes.in(place.control()).make(user);
            JobContainer container = JobContainer.start(
                    engine,
                    new ContainerOrder(
                            runner,
                            mark,
                            placed(kind, mark),
                            limits,
                            place,
                            scripts,
                            config.runtime(),
                            this::engineCalls));
            try {
                reachProxy(kind, mark);
            } catch (IOException | RuntimeException e) {
                container.letGo();
                throw e;
            }
            return container;
        } catch (IOException | RuntimeException e) {
            remove(mark);
            throw e;
        }
    }

    /** The kind in the network that it is in, which is made where that is its own. */
    private Kind placed(Kind kind, String mark) throws IOException {
        if (!kind.alone()) {
            return kind;
        }
        networks.make(mark);
        return kind.in(ContainerOrder.name(mark));
    }

    private void reachProxy(Kind kind, String mark) throws IOException {
        if (kind.alone()) {
            networks.open(ContainerOrder.name(mark));
        }
    }

    /** Removes the container with this mark, its services, and what it never passed on to an attempt. */
    void remove(String mark) throws IOException {
        // Whoever comes second finds nothing left, instead of a network whose containers are just going.
        synchronized (removals.computeIfAbsent(mark, first -> new Object())) {
            engine.remove(mark);
            new Place(place(mark), user).delete();
        }
        removals.remove(mark);
        made.remove(mark);
    }

    /** Removes what earlier lives of the runner have left, but for these marks. */
    void removeOthersThan(Set<String> kept) throws IOException {
        Set<String> marks = new HashSet<>(engine.marks(runner));
        marks.addAll(engine.networks(runner));
        for (String mark : marks) {
            if (!kept.contains(mark) && !made.contains(mark)) {
                LOG.infof("removes the container %s, which an earlier life of the runner has left", mark);
                remove(mark);
            }
        }
    }

    private Path place(String mark) {
        return root.resolve("containers").resolve(mark);
    }

    private Path engineCalls(Path path) {
        return config.engineDirectory()
                .map(directory -> directory.resolve(root.relativize(path)))
                .orElse(path);
    }
}
