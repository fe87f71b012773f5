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
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/** Applications as processes of this machine, each environment behind one address of a proxy. */
public final class LocalTarget implements Target {

    private static final Logger LOG = Logger.getLogger(LocalTarget.class);
    private static final Duration STEP = Duration.ofMillis(100);
    private static final Duration KILL_AFTER = Duration.ofSeconds(10);

    private final Path root;
    private final Path launcher;
    private final DeployConfig config;
    private final BlobStore blobs;
    private final Failpoint failpoint;
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(2))
            .build();

    public LocalTarget(DeployConfig config, BlobStore blobs) throws IOException {
        this.root = config.directory().toAbsolutePath();
        this.config = config;
        this.blobs = blobs;
        this.failpoint = new Failpoint(config.failpoint());
        this.launcher = root.resolve("launch.sh");
        Files.createDirectories(root);
        Path fresh = Files.createTempFile(root, "launch", ".tmp");
        try (InputStream script = LocalTarget.class.getResourceAsStream("launch.sh")) {
            Files.copy(script, fresh, StandardCopyOption.REPLACE_EXISTING);
        }
        Files.move(fresh, launcher, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    @Override
    public Serving apply(Application application) throws NotApplied, IOException, InterruptedException {
        Work work = application.work();
        Deploy deploy = work.job().deploy().orElseThrow();
        EnvironmentDirectory environment = EnvironmentDirectory.of(root, work.project(), deploy.environment());
        int front = front(environment);
        Optional<Route> before = environment.route();
        if (before.isPresent() && before.get().deployment().equals(application.deployment())) {
            endPrevious(environment, before.get());
            return before.get().serving(address(front));
        }
        Release release = environment.release(application.deployment());
        failpoint.pass("deploy.after-intent");
        release.unpack(work, blobs);
        int port = Integer.parseInt(release.settled("port", Integer.toString(freePort())));
        start(application, release, port, deploy);
        failpoint.pass("deploy.mid-rollout");
        awaitHealthy(application, release, port, deploy.health());
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

    /** Starts again what served before the machine, or the whole stack, was stopped: no new deployment. */
    public void revive() throws IOException {
        for (EnvironmentDirectory environment : EnvironmentDirectory.all(root)) {
            Optional<Route> route = environment.route();
            if (route.isEmpty()) {
                continue;
            }
            Release release = environment.release(route.get().deployment());
            Optional<String> command = release.fact("start");
            if (release.process().isEmpty() && command.isPresent()) {
                LOG.infof("starts %s again in %s", route.get().deployment(), environment.path());
                release.forgetProcess();
                launch(release, command.get(), environment(release));
            }
        }
    }

    private synchronized int front(EnvironmentDirectory environment) throws IOException {
        Optional<Integer> known = environment.port();
        if (known.isPresent()) {
            return known.get();
        }
        int port = config.proxy().ports();
        for (EnvironmentDirectory other : EnvironmentDirectory.all(root)) {
            port = Math.max(port, other.port().map(taken -> taken + 1).orElse(0));
        }
        environment.port(port);
        return port;
    }

    private void start(Application application, Release release, int port, Deploy deploy) throws IOException {
        if (release.claimed()) {
            return;
        }
        Work work = application.work();
        Map<String, String> variables = new LinkedHashMap<>(work.env());
        variables.put("PORT", Integer.toString(port));
        variables.put("FLUJO_PROJECT", work.project());
        variables.put("FLUJO_RUN", work.attempt().run().toString());
        variables.put("FLUJO_ENVIRONMENT", deploy.environment());
        variables.put("FLUJO_DEPLOYMENT", application.deployment().toString());
        work.revision().commit().ifPresent(commit -> variables.put("FLUJO_COMMIT", commit));
        StringBuilder text = new StringBuilder();
        variables.forEach((name, value) -> text.append(name)
                .append('=')
                .append(value.replace("\\", "\\\\").replace("\n", "\\n"))
                .append('\n'));
        release.settled("environment", text.toString());
        release.settled("start", deploy.start());
        application.progress().accept("starts '" + deploy.start() + "' on port " + port);
        launch(release, deploy.start(), environment(release));
    }

    private void launch(Release release, String command, Map<String, String> variables) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                        "setsid",
                        "bash",
                        launcher.toString(),
                        release.directory().toString(),
                        command)
                .redirectErrorStream(true)
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        release.directory().resolve("launch.log").toFile()));
        builder.environment().clear();
        for (String name : new String[] {"PATH", "HOME", "LANG", "LC_ALL", "TZ", "JAVA_HOME", "FLUJO_STACK"}) {
            Optional.ofNullable(System.getenv(name))
                    .ifPresent(value -> builder.environment().put(name, value));
        }
        builder.environment().putAll(variables);
        builder.start();
    }

    private static Map<String, String> environment(Release release) throws IOException {
        Map<String, String> variables = new LinkedHashMap<>();
        for (String line : release.fact("environment").orElse("").lines().toList()) {
            int split = line.indexOf('=');
            variables.put(
                    line.substring(0, split),
                    line.substring(split + 1).replace("\\n", "\n").replace("\\\\", "\\"));
        }
        return variables;
    }

    private void awaitHealthy(Application application, Release release, int port, HealthCheck health)
            throws NotApplied, IOException, InterruptedException {
        URI uri = URI.create("http://127.0.0.1:" + port + health.path());
        Instant began = Instant.parse(release.settled("began", Instant.now().toString()));
        boolean seen = false;
        while (!healthy(uri)) {
            boolean alive = release.process().isPresent();
            seen |= alive;
            boolean late = Instant.now().isAfter(began.plus(health.timeout()));
            boolean neverStarted = !alive && !seen && late;
            if (application.stop().raised()) {
                end(release);
                throw new NotApplied("it was stopped before it took over");
            }
            if (neverStarted || (seen && !alive)) {
                throw new NotApplied(
                        "the command ended before the health check passed; its last words: " + lastWords(release));
            }
            if (late) {
                end(release);
                throw new NotApplied("the health check " + health.path() + " did not pass within "
                        + health.timeout().toSeconds() + " s; last words of the command: " + lastWords(release));
            }
            TimeUnit.MILLISECONDS.sleep(STEP.toMillis());
        }
        application.progress().accept("is healthy");
    }

    private boolean healthy(URI uri) throws InterruptedException {
        try {
            HttpRequest request =
                    HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(2)).build();
            int status =
                    http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
            return status >= 200 && status < 300;
        } catch (IOException notYet) {
            return false;
        }
    }

    private void endPrevious(EnvironmentDirectory environment, Route route) throws IOException {
        if (route.previous().isEmpty()) {
            return;
        }
        Release old = environment.release(route.previous().get());
        if (old.process().isPresent()) {
            CompletableFuture.runAsync(
                            () -> endQuietly(old),
                            CompletableFuture.delayedExecutor(config.drain().toMillis(), TimeUnit.MILLISECONDS))
                    .exceptionally(failure -> {
                        LOG.warn("could not end the previous version", failure);
                        return null;
                    });
        }
    }

    private static void endQuietly(Release release) {
        try {
            end(release);
        } catch (IOException e) {
            LOG.warnf("could not end %s: %s", release.directory(), e.getMessage());
        }
    }

    private static void end(Release release) throws IOException {
        release.process().ifPresent(process -> {
            process.descendants().forEach(ProcessHandle::destroy);
            process.destroy();
            process.onExit()
                    .orTimeout(KILL_AFTER.toMillis(), TimeUnit.MILLISECONDS)
                    .exceptionally(late -> {
                        process.descendants().forEach(ProcessHandle::destroyForcibly);
                        process.destroyForcibly();
                        return process;
                    })
                    .join();
        });
    }

    private static String lastWords(Release release) throws IOException {
        if (!Files.exists(release.output())) {
            return "none";
        }
        String text = Files.readString(release.output(), java.nio.charset.StandardCharsets.ISO_8859_1);
        return text.substring(Math.max(0, text.length() - 600)).strip();
    }

    private String address(int port) {
        DeployConfig.Proxy proxy = config.proxy();
        return "http://" + proxy.publicHost().orElse(proxy.host()) + ":" + port;
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
