package dev.flujo.runner.executor.kubernetes;

import dev.flujo.event.JobEvent.Image;
import dev.flujo.event.Work;
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
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * Steps in a pod of Kubernetes, one for each attempt, under a supervisor inside of it. The API server is asked only to make and
 * delete pods, and how they are: everything else is files of a volume that runner and pod share, so steps go on when either
 * of the two is away.
 */
public final class KubernetesExecutor implements JobExecutor {

    private static final Duration STEP = Duration.ofMillis(10);

    private final KubernetesConfig config;
    private final Optional<PodProxy> proxy;
    private final String runner;
    private final Path root;
    private final Scripts scripts;
    private final Limits limits;
    private final Api api;
    private final Pods pods;
    private final JobPods jobs;

    /** The API server has to answer, and the runner's directory has to lie on the volume that is configured. */
    public KubernetesExecutor(KubernetesConfig config, Path runnerDirectory, String runner) throws IOException {
        if (config.claim().isEmpty()) {
            throw new IllegalArgumentException(
                    "Expected flujo.runner.kubernetes.claim to name the persistent volume claim"
                            + " on whose volume the runner's directory lies, but it is not set");
        }
        this.config = config;
        this.proxy = PodProxy.of(config);
        this.runner = runner;
        this.root = runnerDirectory.toAbsolutePath();
        this.limits = Limits.of(config.memory().asLongValue(), config.cpus(), 0);
        Path places = Files.createDirectories(root.resolve("pods"));
        Files.setPosixFilePermissions(places, PosixFilePermissions.fromString("rwx------"));
        this.scripts = Scripts.install(root.resolve("container-scripts"));
        JobUser user = JobUser.of("flujo.runner.kubernetes.user", config.user(), places);
        this.api = new Api(config);
        this.pods = Pods.watch(api, runner);
        this.jobs = new JobPods(api, pods, places, user, config.nodePatience());
    }

    @Override
    public String isolation() {
        return "jobs run in pods, not as root, without capabilities, on a root file system that is only read; "
                + switch (config.network()) {
                    case NONE -> "they reach nothing, as far as the cluster has policies for it";
                    case ALLOW ->
                        "they reach the hosts that their proxy allows, as far as the cluster has policies for it";
                    case OPEN -> "they reach what the cluster's policies let them";
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
        PodOrder order = order(work);
        order.services().check();
        return jobs.start(order, stopped);
    }

    @Override
    public void release(Work work) {
        jobs.end(PodName.of(work.attempt()), Duration.ZERO);
    }

    @Override
    public Execution begin(AttemptDirectory directory, Work work, Map<String, String> environment)
            throws RefusedException, IOException, InterruptedException {
        String name = PodName.of(work.attempt());
        if (!jobs.waits(name)) {
            startAgain(directory, work);
        }
        Place place = jobs.place(name);
        Told told = Told.in(place);
        StepFiles.write(directory.steps(), work, proxy.isPresent() ? proxy.get().in(environment, work) : environment);
        told.noteHanded();
        directory.noteSupervisor(name);
        place.become(directory);
        String uid = pods.last(name)
                .map(pod -> pod.getMetadata().getUid())
                .orElseThrow(() -> new IOException("Expected the pod " + name + " to be known, but it is not"));
        told.tell(uid, work.job().steps().size());
        return execution(directory, name);
    }

    /** One that was just told its attempt will soon have begun, or be gone. */
    @Override
    public boolean begun(AttemptDirectory directory) throws IOException, InterruptedException {
        Optional<String> name = directory.supervisor();
        while (!Files.exists(directory.events())) {
            if (name.isEmpty() || !Told.in(jobs.place(name.get())).something() || !pods.runs(name.get())) {
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
        String name = directory
                .supervisor()
                .orElseThrow(() -> new IOException("nobody was told to supervise " + directory.path()));
        return execution(directory, name);
    }

    @Override
    public void keepOnly(List<AttemptDirectory> open) throws IOException {
        List<String> kept = new ArrayList<>();
        for (AttemptDirectory directory : open) {
            directory.supervisor().ifPresent(kept::add);
        }
        jobs.removeOthersThan(kept);
    }

    @Override
    public void close() {
        pods.close();
        api.close();
    }

    /** What ran when the attempt was said to have started is what it is executed in, also where its pod is another one. */
    private void startAgain(AttemptDirectory directory, Work work)
            throws RefusedException, IOException, InterruptedException {
        Optional<Image> known = directory.image();
        Optional<Image> image = jobs.start(order(work), () -> false);
        if (known.isPresent() && !known.equals(image)) {
            throw new IOException("Expected the image " + known.get().name() + " to be "
                    + known.get().digest() + " as it was when the attempt started, but now it is "
                    + image.map(Image::digest).orElse("not there"));
        }
    }

    private Execution execution(AttemptDirectory directory, String name) {
        SupervisorLines lines = new SupervisorLines.OfFile(directory.events(), () -> pods.runs(name));
        return new PodExecution(
                new SupervisedExecution(patience -> jobs.end(name, patience), lines), () -> pods.last(name));
    }

    private PodOrder order(Work work) throws RefusedException {
        var asked = work.job().placement().resources();
        return new PodOrder(
                runner,
                work,
                config,
                asked.isPresent() ? limits.with(asked.get()) : limits,
                jobs.place(PodName.of(work.attempt())),
                scripts.directory(),
                this::volumeCalls);
    }

    private Path volumeCalls(Path path) {
        Path below = root.relativize(path);
        return config.claimDirectory()
                .map(directory -> directory.resolve(below))
                .orElse(below);
    }
}
