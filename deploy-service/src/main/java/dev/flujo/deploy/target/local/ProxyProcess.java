package dev.flujo.deploy.target.local;

import dev.flujo.deploy.DeployConfig;
import dev.flujo.deploy.proxy.ProxyMain;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.jboss.logging.Logger;

/** The proxy as a process that outlives this service: found again by its pid and start time, started again when dead. */
public final class ProxyProcess {

    private static final Logger LOG = Logger.getLogger(ProxyProcess.class);
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration STEP = Duration.ofMillis(10);

    private final Path root;
    private final DeployConfig config;
    private final Launcher launcher;

    public ProxyProcess(DeployConfig config) throws IOException {
        this.root = config.directory().toAbsolutePath();
        this.config = config;
        this.launcher = new Launcher(root);
    }

    /** Starts the proxy unless it runs; returns when its process is there. */
    public synchronized void ensure() throws IOException {
        ProcessDirectory itself = new ProcessDirectory(root.resolve("proxy"));
        if (itself.process().isPresent()) {
            return;
        }
        Files.createDirectories(root.resolve("environments"));
        itself.forgetProcess();
        launcher.launch(itself, command(itself), Map.of());
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!itself.started() && System.nanoTime() < end) {
            LockSupport.parkNanos(STEP.toNanos());
        }
        LOG.infof("started the proxy in %s", itself.path());
    }

    private String command(ProcessDirectory itself) {
        return String.join(
                " ",
                List.of(
                        "exec",
                        quoted(Path.of(System.getProperty("java.home"), "bin", "java")
                                .toString()),
                        "-Xms16m -Xmx64m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xshare:auto",
                        "-Dvertx.disableDnsResolver=true -Dvertx.cacheDirBase="
                                + quoted(itself.path().resolve("cache").toString()),
                        "-cp",
                        quoted(classPath()),
                        ProxyMain.class.getName(),
                        quoted(root.resolve("environments").toString()),
                        quoted(config.proxy().host())));
    }

    /** The jars of this service, wherever it was packaged to. */
    private String classPath() {
        Optional<String> configured = config.proxy().classPath();
        if (configured.isPresent()) {
            return configured.get();
        }
        Path started =
                Path.of(System.getProperty("java.class.path").split(":", -1)[0]).toAbsolutePath();
        Path application = started.getParent();
        if (!started.getFileName().toString().equals("quarkus-run.jar")) {
            return System.getProperty("java.class.path");
        }
        return application.resolve("app") + "/*:" + application.resolve("lib/main") + "/*:"
                + application.resolve("lib/boot") + "/*";
    }

    private static String quoted(String text) {
        return "'" + text.replace("'", "'\\''") + "'";
    }
}
