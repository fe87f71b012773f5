package dev.flujo.deploy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What the tests deploy: leaves its deployment's id in the file {@code WITNESS} when it is started, and answers with its
 * commit. Its only argument says what it is like: {@code well}, {@code ill} (its health check fails), {@code dead} (ends at
 * once), {@code slow} (healthy after the file {@code GO} exists), {@code flaky} (every twentieth answer is an error), {@code sick} (its
 * answers at {@code /check} are errors). Where it is given settings and secrets it answers at {@code /config/NAME} with what it reads
 * now, at {@code /began} with the setting {@code GREETING} as it read it when it began, and is ill if that is {@code ill}.
 */
public final class TestApplication {

    private static final long SLOW_MILLIS = 700;

    private static final int ONE_OF = 20;

    private final String like;
    private final AtomicLong asked = new AtomicLong();
    private final String greeting = read("GREETING");

    private TestApplication(String like) {
        this.like = like;
    }

    public static void main(String[] arguments) throws IOException {
        Files.writeString(
                Path.of(System.getenv("WITNESS")),
                System.getenv("FLUJO_DEPLOYMENT") + "\n",
                StandardOpenOption.CREATE,
                StandardOpenOption.APPEND);
        System.out.println("begins with " + arguments[0]);
        if (arguments[0].equals("dead")) {
            System.out.println("no database");
            System.exit(3);
        }
        new TestApplication(arguments[0]).listen(Integer.parseInt(System.getenv("PORT")));
    }

    /** The command that starts it, and the child processes that it leaves behind when told to. */
    static String command(String like) {
        return String.join(
                " ",
                "exec",
                "'" + Path.of(System.getProperty("java.home"), "bin", "java") + "'",
                "-Xmx32m -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -cp",
                "'" + Path.of("target", "test-classes").toAbsolutePath() + "'",
                TestApplication.class.getName(),
                like);
    }

    private void listen(int port) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        server.setExecutor(Executors.newFixedThreadPool(16));
        server.createContext("/health", exchange -> answer(exchange, healthy() ? 200 : 503, "health"));
        server.createContext("/slow", exchange -> {
            await(SLOW_MILLIS);
            answer(exchange, 200, System.getenv("FLUJO_COMMIT"));
        });
        server.createContext("/check", exchange -> answer(exchange, like.equals("sick") ? 500 : 200, "check"));
        server.createContext(
                "/config/",
                exchange -> answer(
                        exchange, 200, read(exchange.getRequestURI().getPath().substring("/config/".length()))));
        server.createContext("/began", exchange -> answer(exchange, 200, greeting));
        server.createContext("/", exchange -> answer(exchange, status(), System.getenv("FLUJO_COMMIT")));
        server.start();
    }

    private static String read(String name) {
        try {
            return Files.readString(Path.of(System.getenv().getOrDefault("FLUJO_CONFIG", "/nowhere"), name));
        } catch (IOException notThere) {
            return "none";
        }
    }

    private boolean healthy() {
        if (greeting.equals("ill")) {
            return false;
        }
        return switch (like) {
            case "well", "flaky", "sick" -> true;
            case "slow" -> Files.exists(Path.of(System.getenv("GO")));
            default -> false;
        };
    }

    private int status() {
        return like.equals("flaky") && asked.incrementAndGet() % ONE_OF == 0 ? 500 : 200;
    }

    private static void answer(HttpExchange exchange, int status, String text) throws IOException {
        exchange.getRequestBody().readAllBytes();
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private static void await(long millis) {
        try {
            new CountDownLatch(1).await(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
