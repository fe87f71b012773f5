package dev.flujo.deploy.target.local;

import dev.flujo.deploy.DeployConfig;
import dev.flujo.deploy.proxy.ProxyMain;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jboss.logging.Logger;

/** The proxy as a process that outlives this service: found again by its pid and start time, started again when dead. */
public final class ProxyProcess {

    private static final Logger LOG = Logger.getLogger(ProxyProcess.class);

    private final Path root;
    private final DeployConfig config;

    public ProxyProcess(DeployConfig config) {
        this.root = config.directory().toAbsolutePath();
        this.config = config;
    }

    /** Starts the proxy unless it runs. */
    public synchronized void ensure() throws IOException {
        Release itself = new Release(root.resolve("proxy"));
        if (itself.process().isPresent()) {
            return;
        }
        Files.createDirectories(itself.files());
        itself.forgetProcess();
        Files.createDirectories(root.resolve("environments"));
        String command = String.join(
                " ",
                List.of(
                        quoted(Path.of(System.getProperty("java.home"), "bin", "java")
                                .toString()),
                        "-Xms16m -Xmx64m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xshare:auto",
                        "-Dvertx.disableDnsResolver=true -Dvertx.cacheDirBase="
                                + quoted(itself.directory().resolve("cache").toString()),
                        "-cp",
                        quoted(classPath()),
                        ProxyMain.class.getName(),
                        quoted(root.resolve("environments").toString()),
                        quoted(config.proxy().host())));
        ProcessBuilder builder = new ProcessBuilder(
                        "setsid",
                        "bash",
                        root.resolve("launch.sh").toString(),
                        itself.directory().toString(),
                        command)
                .redirectErrorStream(true)
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        itself.directory().resolve("launch.log").toFile()));
        builder.start();
        LOG.infof("started the proxy in %s", itself.directory());
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
