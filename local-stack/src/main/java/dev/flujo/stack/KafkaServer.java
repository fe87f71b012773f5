package dev.flujo.stack;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A Kafka broker (KRaft), alone or one of several, as a child process; its data survive a restart. */
public final class KafkaServer extends ListeningServer {

    private static final Duration PATIENCE = Duration.ofMinutes(1);
    /** Any valid id does: brokers know each other by their addresses. */
    private static final String CLUSTER_ID = "Zmx1am8tbG9jYWwtc3RhYw";

    /** What a broker for one machine has wherever it runs; its addresses and its directory are added. */
    static final Map<String, String> PROPERTIES = Map.ofEntries(
            Map.entry("process.roles", "broker,controller"),
            Map.entry("controller.listener.names", "CONTROLLER"),
            Map.entry("num.partitions", "1"),
            Map.entry("num.io.threads", "4"),
            Map.entry("num.network.threads", "3"),
            Map.entry("offsets.topic.num.partitions", "8"),
            Map.entry("transaction.state.log.num.partitions", "8"),
            Map.entry("add.partitions.to.txn.retry.backoff.ms", "2"),
            Map.entry("transaction.abort.timed.out.transaction.cleanup.interval.ms", "250"),
            Map.entry("group.initial.rebalance.delay.ms", "0"),
            Map.entry("group.min.session.timeout.ms", "1000"),
            Map.entry("auto.create.topics.enable", "false"),
            Map.entry("log.cleaner.dedupe.buffer.size", "16777216"),
            Map.entry("log.segment.bytes", "67108864"));

    private final Checkout checkout;
    private final Path directory;
    private final Seat seat;
    private Optional<Detour> detour = Optional.empty();

    /**
     * A second way to the broker, for clients that come to it through something else.
     *
     * @param before the port that clients are told
     * @param behind the port where the broker listens for them
     */
    public record Detour(int before, int behind) {}

    /**
     * Which broker of a cluster it is.
     *
     * @param number from 1 on
     * @param controllerPorts of all of them, in their order
     */
    public record Seat(int number, List<Integer> controllerPorts) {

        public Seat {
            controllerPorts = List.copyOf(controllerPorts);
        }

        /** As many copies as there are brokers, of which more than half must have what is acknowledged. */
        Map<String, String> properties() {
            String copies = Integer.toString(controllerPorts.size());
            String least = Integer.toString(controllerPorts.size() / 2 + 1);
            String voters = IntStream.range(0, controllerPorts.size())
                    .mapToObj(index -> index + 1 + "@127.0.0.1:" + controllerPorts.get(index))
                    .collect(Collectors.joining(","));
            return Map.of(
                    "node.id", Integer.toString(number),
                    "controller.quorum.voters", voters,
                    "min.insync.replicas", least,
                    "offsets.topic.replication.factor", copies,
                    "transaction.state.log.replication.factor", copies,
                    "transaction.state.log.min.isr", least,
                    "share.coordinator.state.topic.replication.factor", copies,
                    "share.coordinator.state.topic.min.isr", least);
        }
    }

    /** A broker that is alone. */
    public KafkaServer(Checkout checkout, Path directory, int port, int controllerPort, ServerProcess process) {
        this(checkout, directory, port, new Seat(1, List.of(controllerPort)), process);
    }

    /** A broker of a cluster. */
    public KafkaServer(Checkout checkout, Path directory, int port, Seat seat, ServerProcess process) {
        super("Kafka", port, PATIENCE, process);
        this.checkout = checkout;
        this.directory = directory;
        this.seat = seat;
    }

    public String bootstrapServers() {
        return "127.0.0.1:" + port();
    }

    /** From its next start on there is a second way to the broker. */
    public void detour(Detour way) {
        detour = Optional.of(way);
    }

    /** Starts the broker without waiting for it. */
    @Override
    public void start() {
        try {
            Files.createDirectories(directory);
            Path properties = directory.resolve("server.properties");
            Files.writeString(properties, properties());
            if (!Files.exists(directory.resolve("data/meta.properties"))) {
                format(properties);
            }
            process().start(new ServerProcess.Launch(command(properties), Map.of(), directory));
        } catch (IOException e) {
            throw new StackException("Expected to write Kafka's files in " + directory + ", but " + e.getMessage(), e);
        }
    }

    private void format(Path properties) throws IOException {
        List<String> command = java();
        command.addAll(List.of(
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                checkout.serverClassPath("kafka-server"),
                "kafka.tools.StorageTool",
                "format",
                "-t",
                CLUSTER_ID,
                "-c",
                properties.toString()));
        Path log = directory.resolve("format.log");
        Process format = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            if (!format.waitFor(60, TimeUnit.SECONDS) || format.exitValue() != 0) {
                throw new StackException("Expected to format Kafka's storage, but it failed: " + Files.readString(log));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StackException("Expected to format Kafka's storage, but it was interrupted", e);
        }
    }

    private List<String> command(Path properties) {
        List<String> command = java();
        command.addAll(List.of(
                "-Xms256m",
                "-Xmx512m",
                "-XX:+UseSerialGC",
                "-Dflujo.member=kafka",
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
                "-cp",
                checkout.serverClassPath("kafka-server"),
                "kafka.Kafka",
                properties.toString()));
        return command;
    }

    private static List<String> java() {
        return new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
    }

    private String properties() {
        Map<String, String> properties = new TreeMap<>(PROPERTIES);
        properties.putAll(seat.properties());
        properties.put(
                "listeners",
                "PLAINTEXT://127.0.0.1:" + port()
                        + detour.map(way -> ",DETOUR://127.0.0.1:" + way.behind())
                                .orElse("") + ",CONTROLLER://127.0.0.1:"
                        + seat.controllerPorts().get(seat.number() - 1));
        properties.put(
                "advertised.listeners",
                "PLAINTEXT://127.0.0.1:" + port()
                        + detour.map(way -> ",DETOUR://127.0.0.1:" + way.before())
                                .orElse(""));
        properties.put("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,DETOUR:PLAINTEXT,CONTROLLER:PLAINTEXT");
        properties.put("log.dirs", directory.resolve("data").toString());
        StringBuilder text = new StringBuilder();
        properties.forEach(
                (name, value) -> text.append(name).append('=').append(value).append('\n'));
        return text.toString();
    }
}
