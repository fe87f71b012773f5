package dev.flujo.stack;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** One of Flujo's services as a member of a stack. */
public final class ServiceMember {

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final String module;
    private final int port;
    private final ServerProcess process;
    private final ServerProcess.Launch launch;

    ServiceMember(
            Checkout checkout,
            String module,
            int port,
            ServerProcess process,
            Path directory,
            Map<String, String> environment,
            List<String> jvmOptions) {
        this.module = module;
        this.port = port;
        this.process = process;
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(jvmOptions);
        command.addAll(List.of(
                "-Dflujo.member=" + process.name(),
                "-jar",
                checkout.serviceJar(module).toString()));
        this.launch = new ServerProcess.Launch(command, environment, directory);
    }

    public ServerProcess process() {
        return process;
    }

    /** The address of its REST interface. */
    public String url() {
        return "http://127.0.0.1:" + port;
    }

    public void start() {
        process.start(launch);
    }

    /** Whether the service answers that it is ready. */
    public boolean ready() {
        return answers("/q/health/ready");
    }

    /** Whether the service answers that it lives. */
    public boolean live() {
        return answers("/q/health/live");
    }

    public void awaitReady() {
        Await.until(PATIENCE, () -> ready() || !process.alive());
        if (!process.alive() || !ready()) {
            throw new StackException("Expected " + module + " to be ready at " + url() + " within "
                    + PATIENCE.toSeconds() + " s, but it is not; its log " + process.log() + " ends with:\n"
                    + process.lastLines(8));
        }
    }

    private boolean answers(String path) {
        try {
            HttpURLConnection connection =
                    (HttpURLConnection) URI.create(url() + path).toURL().openConnection();
            connection.setConnectTimeout(1000);
            connection.setReadTimeout(2000);
            try {
                return connection.getResponseCode() == 200;
            } finally {
                connection.disconnect();
            }
        } catch (IOException e) {
            return false;
        }
    }
}
