package dev.flujo.stack;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** A store that speaks S3, with one bucket, as a child process for tests; its objects are files and survive a restart. */
public final class S3Server extends ListeningServer {

    public static final String BUCKET = "flujo";

    private static final String ACCESS_KEY = "id-of-the-tests";
    private static final String SECRET_KEY = "key-of-the-tests";
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private static final String LOGGING =
            """
            <configuration>
              <appender name="out" class="ch.qos.logback.core.ConsoleAppender"><encoder><pattern>%d %level %msg%n</pattern></encoder></appender>
              <root level="WARN"><appender-ref ref="out"/></root>
            </configuration>
            """;

    private final Checkout checkout;
    private final Path directory;

    public S3Server(Checkout checkout, Path directory, int port, ServerProcess process) {
        super("the S3 store", port, PATIENCE, process);
        this.checkout = checkout;
        this.directory = directory;
    }

    public URI endpoint() {
        return URI.create("http://127.0.0.1:" + port());
    }

    /** The file with the id of the key that it knows. */
    public Path accessKey() {
        return directory.resolve("access-key");
    }

    /** The file with the secret of that key. */
    public Path secretKey() {
        return directory.resolve("secret-key");
    }

    /** Where its objects lie. */
    public Path objects() {
        return directory.resolve("buckets");
    }

    @Override
    public void start() {
        try {
            Files.createDirectories(objects().resolve(BUCKET));
            Files.writeString(accessKey(), ACCESS_KEY + "\n");
            Files.writeString(secretKey(), SECRET_KEY + "\n");
            Path logging = Files.writeString(directory.resolve("logback.xml"), LOGGING);
            Path properties = Files.writeString(
                    directory.resolve("s3.properties"),
                    String.join(
                            "\n",
                            "s3proxy.endpoint=" + endpoint(),
                            "s3proxy.authorization=aws-v2-or-v4",
                            "s3proxy.identity=" + ACCESS_KEY,
                            "s3proxy.credential=" + SECRET_KEY,
                            "jclouds.provider=filesystem-nio2",
                            "jclouds.filesystem.basedir=" + objects()));
            process()
                    .start(new ServerProcess.Launch(
                            List.of(
                                    Path.of(System.getProperty("java.home"), "bin", "java")
                                            .toString(),
                                    "-Xmx96m",
                                    "-XX:+UseSerialGC",
                                    "-XX:TieredStopAtLevel=1",
                                    "-Dlogback.configurationFile=" + logging,
                                    "-cp",
                                    checkout.serverClassPath("s3-server"),
                                    "org.gaul.s3proxy.Main",
                                    "--properties",
                                    properties.toString()),
                            Map.of(),
                            directory));
        } catch (IOException e) {
            throw new StackException(
                    "Expected to write the files of the S3 store in " + directory + ", but " + e.getMessage(), e);
        }
    }
}
