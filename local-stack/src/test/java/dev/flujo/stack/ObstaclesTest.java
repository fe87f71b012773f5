package dev.flujo.stack;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ObstaclesTest {

    @TempDir
    Path directory;

    private final Ports ports = Ports.free();

    @Test
    void letsAStackStartWhereNothingStandsInTheWay() {
        assertDoesNotThrow(() -> Obstacles.check(stack(directory.resolve("data"))));
    }

    @ParameterizedTest
    @CsvSource({
        "kafka, kafka",
        "kafka-controller, kafka",
        "cassandra, cassandra",
        "cassandra-storage, cassandra",
        "pipeline-service, pipeline-service",
        "metrics-service, metrics-service",
        "deploy-proxy, the applications' proxy"
    })
    void namesTheTakenPortWhoseItIsAndWhatToDo(String port, String member) throws IOException {
        int number = ports.of(port);
        try (ServerSocket other = new ServerSocket(number, 1, InetAddress.getLoopbackAddress())) {
            String told = told(directory.resolve("data"));

            assertTrue(told.startsWith("Expected port " + number + " free for " + member + ", but another"), told);
            assertTrue(told.contains("with " + Ports.variable(port) + "=<port>"), told);
            assertTrue(other.isBound());
        }
    }

    @Test
    void namesTheFileThatLiesWhereTheDataShall() throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "");

        assertEquals(
                "Expected to write in " + file + ", but " + file + " is no directory; let this user write there, or"
                        + " keep the data elsewhere with FLUJO_HOME=<directory>",
                told(file));
    }

    @Test
    void namesTheDirectoryThatCannotBeMade() {
        String told = told(Path.of("/proc/flujo"));

        assertTrue(told.startsWith("Expected to write in /proc/flujo, but "), told);
        assertTrue(told.endsWith("keep the data elsewhere with FLUJO_HOME=<directory>"), told);
    }

    @Test
    void namesTheDirectoryInsideThatCannotBeWritten() throws Exception {
        Path kafka = Files.createDirectories(directory.resolve("data/kafka"));
        Files.setPosixFilePermissions(kafka, PosixFilePermissions.fromString("r-xr-xr-x"));
        Path data = directory.resolve("data");

        boolean anywhere = Files.isWritable(kafka);
        String told = anywhere ? toldWhereOnlyReadingIsPossible(kafka, data) : told(data);

        assertTrue(told.startsWith("Expected to write in " + kafka + ", but "), told);
        assertTrue(told.contains(anywhere ? ": Read-only file system;" : "this user may not;"), told);
    }

    @Test
    void refusesOnePortForTwo() {
        StackException refused = assertThrows(
                StackException.class, () -> Ports.configured(new Properties(), Map.of("FLUJO_PORT_KAFKA", "8080")));

        assertEquals(
                "Expected a port of its own for each, but kafka and pipeline-service both have 8080; choose another with"
                        + " FLUJO_PORT_PIPELINE_SERVICE=<port>",
                refused.getMessage());
    }

    @ParameterizedTest
    @CsvSource({"none", "0", "65536", "-1"})
    void refusesWhatIsNoPort(String value) {
        assertEquals(
                "Expected a port from 1 to 65535 in FLUJO_PORT_KAFKA, but found '" + value + "'",
                assertThrows(
                                StackException.class,
                                () -> Ports.configured(new Properties(), Map.of("FLUJO_PORT_KAFKA", value)))
                        .getMessage());
    }

    /** What root is told, whom nothing but a file system keeps from writing: one that only this process sees. */
    private static String toldWhereOnlyReadingIsPossible(Path place, Path home) throws Exception {
        Process java = new ProcessBuilder(
                        "unshare",
                        "--mount",
                        "bash",
                        "-e",
                        "-c",
                        "mount --bind \"$0\" \"$0\"; mount -o remount,bind,ro \"$0\"; exec \"$@\"",
                        place.toString(),
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        ObstaclesTest.class.getName(),
                        home.toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(java.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        Assumptions.assumeFalse(
                java.waitFor() != 0 && said.contains("unshare failed"),
                "Skipped: this user may write anywhere, being root, and unshare may not be used here");
        return said;
    }

    /** Prints what stands in the way of a stack in this directory. */
    public static void main(String... home) {
        try {
            Obstacles.check(new LocalStack(Checkout.find(), Path.of(home[0]), Ports.free(), Map.of()));
        } catch (StackException e) {
            System.out.println(e.getMessage());
        }
    }

    private String told(Path home) {
        return assertThrows(StackException.class, () -> Obstacles.check(stack(home)))
                .getMessage();
    }

    private LocalStack stack(Path home) {
        return new LocalStack(Checkout.find(), home, ports, Map.of());
    }
}
