package dev.flujo.deploy.target.local;

import dev.flujo.deploy.DeployConfig;
import dev.flujo.deploy.Failpoint;
import dev.flujo.deploy.Target;
import dev.flujo.deploy.target.local.EnvironmentDirectory.Route;
import dev.flujo.event.Work;
import dev.flujo.event.plan.Deploy;
import dev.flujo.event.plan.HealthCheck;
import dev.flujo.kit.blob.BlobStore;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import org.jboss.logging.Logger;

/** Applications as processes of this machine, each environment behind one address of a proxy. */
public final class LocalTarget implements Target {

    private static final Logger LOG = Logger.getLogger(LocalTarget.class);
    private static final int LAST_PORT = 65_535;

    private final Path root;
    private final DeployConfig config;
    private final BlobStore blobs;
    private final Failpoint failpoint;
    private final Launcher launcher;
    private final HealthProbe probe = new HealthProbe();
    private final Map<EnvironmentDirectory, Lock> environments = new ConcurrentHashMap<>();

    public LocalTarget(DeployConfig config, BlobStore blobs) throws IOException {
        this.root = config.directory().toAbsolutePath();
        this.config = config;
        this.blobs = blobs;
        this.failpoint = new Failpoint(config.failpoint());
        this.launcher = new Launcher(root);
    }

    @Override
    public Serving apply(Application application) throws NotApplied, IOException, InterruptedException {
        Work work = application.work();
        EnvironmentDirectory environment = EnvironmentDirectory.of(
                root, work.project(), work.job().deploy().orElseThrow().environment());
        Lock lock = environments.computeIfAbsent(environment, unused -> new ReentrantLock());
        lock.lockInterruptibly();
        try {
            return apply(application, environment);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public Optional<Serving> serving(String project, String environment) throws IOException {
        EnvironmentDirectory directory = EnvironmentDirectory.of(root, project, environment);
        Optional<Integer> front = directory.port();
        return front.isEmpty() ? Optional.empty() : directory.route().map(route -> route.serving(address(front.get())));
    }

    @Override
    public boolean live(String project, String environment) throws IOException {
        EnvironmentDirectory directory = EnvironmentDirectory.of(root, project, environment);
        Optional<Route> route = directory.route();
        return route.isPresent()
                && directory.release(route.get().deployment()).process().isPresent();
    }

    /**
     * Brings environments back to where they were before this service, the machine or the whole stack was stopped: what
     * serves is started again if it is dead, what it took over from is ended. No new deployment.
     */
    public void revive() throws IOException {
        for (EnvironmentDirectory environment : EnvironmentDirectory.all(root)) {
            Optional<Route> route = environment.route();
            if (route.isEmpty()) {
                continue;
            }
            Release release = environment.release(route.get().deployment());
            if (release.process().isEmpty()) {
                LOG.infof("starts %s again in %s", route.get().deployment(), environment.path());
                launcher.startAgain(release);
            }
            endPrevious(environment, route.get());
        }
    }

    private Serving apply(Application application, EnvironmentDirectory environment)
            throws NotApplied, IOException, InterruptedException {
        int front = front(environment);
        Optional<Route> before = environment.route();
        if (before.isPresent() && before.get().deployment().equals(application.deployment())) {
            return before.get().serving(address(front));
        }
        Release release = environment.release(application.deployment());
        Optional<GivenUp> givenUp = release.fact(GivenUp.FACT).map(GivenUp::parse);
        if (givenUp.isPresent()) {
            throw givenUp.get().exception();
        }
        release.unpack(application.work(), blobs);
        failpoint.pass("deploy.before-apply");
        int port = start(application, release);
        failpoint.pass("deploy.mid-rollout");
        HealthCheck health = application.work().job().deploy().orElseThrow().health();
        Optional<String> trouble = probe.await(release, port, health, application.stop());
        if (trouble.isPresent()) {
            release.end();
            throw GivenUp.parse(release.settled(GivenUp.FACT, new GivenUp(Instant.now(), trouble.get()).text()))
                    .exception();
        }
        application.progress().accept("is healthy");
        Route route = new Route(
                application.deployment(),
                port,
                Instant.parse(release.settled("since", Instant.now().toString())),
                before.map(Route::deployment));
        environment.route(route);
        application.progress().accept("took over at " + address(front));
        failpoint.pass("deploy.after-apply-before-record");
        endPrevious(environment, route);
        return route.serving(address(front));
    }

    /** Why and when a deployment was given up. */
    private record GivenUp(Instant at, String reason) {

        static final String FACT = "given-up";

        String text() {
            return at + " " + reason;
        }

        static GivenUp parse(String text) {
            int split = text.indexOf(' ');
            return new GivenUp(Instant.parse(text.substring(0, split)), text.substring(split + 1));
        }

        NotApplied exception() {
            return new NotApplied(reason, at);
        }
    }

    /** The address of an environment, which it keeps: the first port from the configured one on that nobody has. */
    private synchronized int front(EnvironmentDirectory environment) throws IOException {
        Optional<Integer> known = environment.port();
        if (known.isPresent()) {
            return known.get();
        }
        Set<Integer> taken = new HashSet<>();
        for (EnvironmentDirectory other : EnvironmentDirectory.all(root)) {
            other.port().ifPresent(taken::add);
        }
        int port = config.proxy().ports();
        while (taken.contains(port) || !free(port)) {
            port++;
            if (port > LAST_PORT) {
                throw new IOException("Expected a free port from "
                        + config.proxy().ports() + " on for the environment, but there is none");
            }
        }
        environment.port(port);
        return port;
    }

    /** Starts the command of a release on a port of its own; a release that was started keeps its port. */
    private int start(Application application, Release release) throws IOException {
        Work work = application.work();
        Deploy deploy = work.job().deploy().orElseThrow();
        int port = Integer.parseInt(release.settled("port", Integer.toString(freePort())));
        if (release.claimed()) {
            return port;
        }
        Map<String, String> variables = new LinkedHashMap<>(work.env());
        variables.put("PORT", Integer.toString(port));
        variables.put("FLUJO_PROJECT", work.project());
        variables.put("FLUJO_RUN", work.attempt().run().toString());
        variables.put("FLUJO_ENVIRONMENT", deploy.environment());
        variables.put(Release.MARK, application.deployment().toString());
        work.revision().commit().ifPresent(commit -> variables.put("FLUJO_COMMIT", commit));
        application.progress().accept("starts '" + deploy.start() + "' on port " + port);
        launcher.start(release, deploy.start(), variables);
        return port;
    }

    /** Ends what served before once it has had time to answer what it had begun. */
    private void endPrevious(EnvironmentDirectory environment, Route route) throws IOException {
        if (route.previous().isEmpty()) {
            return;
        }
        Release old = environment.release(route.previous().get());
        if (old.process().isPresent()) {
            CompletableFuture.runAsync(
                            old::end,
                            CompletableFuture.delayedExecutor(config.drain().toMillis(), TimeUnit.MILLISECONDS))
                    .exceptionally(failure -> {
                        LOG.warn("could not end the previous version", failure);
                        return null;
                    });
        }
    }

    private String address(int port) {
        DeployConfig.Proxy proxy = config.proxy();
        return "http://" + proxy.publicHost().orElse(proxy.host()) + ":" + port;
    }

    private boolean free(int port) throws IOException {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(config.proxy().host(), port));
            return true;
        } catch (BindException e) {
            LOG.debugf("port %d is taken: %s", port, e.getMessage());
            return false;
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
