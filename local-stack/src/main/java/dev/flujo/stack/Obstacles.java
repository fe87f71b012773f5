package dev.flujo.stack;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** What may stand in the way of a start on this machine; each is told in one sentence that says what to do. */
final class Obstacles {

    /** The ports that a member listens at. */
    private static final Map<String, List<String>> LISTENS = Map.of(
            Ports.KAFKA, List.of(Ports.KAFKA, Ports.KAFKA_CONTROLLER),
            Ports.CASSANDRA, List.of(Ports.CASSANDRA, Ports.CASSANDRA_STORAGE));

    private Obstacles() {}

    /** @throws StackException if the stack cannot be started as things are */
    static void check(LocalStack stack) {
        requireWritable(stack.home());
        stack.members().stream()
                .filter(member -> !member.alive())
                .map(ServerProcess::name)
                .forEach(member -> LISTENS.getOrDefault(member, List.of(member))
                        .forEach(port -> requireFree(member, port, stack.ports())));
        if (new StackProcesses(stack.home()).living().isEmpty()) {
            // Otherwise it may be the proxy of applications that go on, which listens there rightly.
            requireFree("the applications' proxy", Ports.PROXY, stack.ports());
        }
    }

    private static void requireFree(String member, String name, Ports ports) {
        int port = ports.of(name);
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        } catch (IOException e) {
            throw new StackException(
                    "Expected port " + port + " free for " + member + ", but another program has it (" + e.getMessage()
                            + "); end it (./flujo down ends what a crash has left behind), or choose another port with "
                            + Ports.variable(name) + "=<port>",
                    e);
        }
    }

    private static void requireWritable(Path home) {
        Path place = home;
        try {
            Files.createDirectories(home);
            for (Path directory : directories(home)) {
                place = directory;
                Files.delete(Files.createTempFile(directory, "probe", ""));
            }
        } catch (IOException e) {
            throw new StackException(
                    "Expected to write in " + place + ", but " + reason(e)
                            + "; let this user write there, or keep the data elsewhere with FLUJO_HOME=<directory>",
                    e);
        }
    }

    /** The directory of the data and those in it; one that another user's Flujo has made may not be writable. */
    private static List<Path> directories(Path home) throws IOException {
        try (Stream<Path> inside = Files.list(home)) {
            return Stream.concat(Stream.of(home), inside.filter(Files::isDirectory))
                    .toList();
        }
    }

    private static String reason(IOException e) {
        if (e instanceof AccessDeniedException) {
            return "this user may not";
        }
        if (e instanceof FileAlreadyExistsException) {
            return e.getMessage() + " is no directory";
        }
        return Optional.ofNullable(e.getMessage()).orElse(e.toString());
    }
}
