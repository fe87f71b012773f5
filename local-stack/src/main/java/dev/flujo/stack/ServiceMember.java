package dev.flujo.stack;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/** One of Flujo's services as a member of a stack. */
public final class ServiceMember {

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final String module;
    private final int port;
    private final ServerProcess process;
    private final Supplier<ServerProcess.Launch> launch;

    /** @param launch asked for at each start, since it needs files that a stack that was never started lacks */
    ServiceMember(String module, int port, ServerProcess process, Supplier<ServerProcess.Launch> launch) {
        this.module = module;
        this.port = port;
        this.process = process;
        this.launch = launch;
    }

    public ServerProcess process() {
        return process;
    }

    /** The address of its REST interface. */
    public String url() {
        return "http://127.0.0.1:" + port;
    }

    public void start() {
        process.start(launch.get());
    }

    /** Whether the service answers that it is ready. */
    public boolean ready() {
        return answers("/q/health/ready");
    }

    /** Whether the service answers that it lives. */
    public boolean live() {
        return answers("/q/health/live");
    }

    /** Waits until the service has said once that it is ready; what it says later is another matter. */
    public void awaitReady() {
        AtomicBoolean ready = new AtomicBoolean();
        Await.until(PATIENCE, () -> {
            ready.set(ready());
            return ready.get() || !process.alive();
        });
        if (!ready.get()) {
            throw new StackException("Expected " + module + " to be ready at " + url() + " within "
                    + PATIENCE.toSeconds() + " s, but it is not (" + readiness() + "); its log " + process.log()
                    + " ends with:\n" + process.lastLines(8));
        }
    }

    private boolean answers(String path) {
        try {
            HttpURLConnection connection = connection(path);
            try {
                return connection.getResponseCode() == 200;
            } finally {
                connection.disconnect();
            }
        } catch (IOException e) {
            return false;
        }
    }

    /** What the service says of its own readiness, or why it says nothing. */
    private String readiness() {
        try {
            HttpURLConnection connection = connection("/q/health/ready");
            try (InputStream body = connection.getResponseCode() < HttpURLConnection.HTTP_BAD_REQUEST
                    ? connection.getInputStream()
                    : connection.getErrorStream()) {
                return body == null
                        ? "status " + connection.getResponseCode()
                        : new String(body.readAllBytes(), StandardCharsets.UTF_8).replaceAll("\\s+", " ");
            } finally {
                connection.disconnect();
            }
        } catch (IOException e) {
            return e.toString();
        }
    }

    private HttpURLConnection connection(String path) throws IOException {
        HttpURLConnection connection =
                (HttpURLConnection) URI.create(url() + path).toURL().openConnection();
        connection.setConnectTimeout(1000);
        connection.setReadTimeout(2000);
        return connection;
    }
}
