package dev.flujo.stack;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;

/** The ports of a stack, all on the loopback address. */
public record Ports(Map<String, Integer> byName) {

    public static final String KAFKA = "kafka";
    public static final String KAFKA_CONTROLLER = "kafka-controller";
    public static final String CASSANDRA = "cassandra";
    public static final String CASSANDRA_STORAGE = "cassandra-storage";
    public static final String PROXY = "deploy-proxy";

    public Ports {
        byName = Map.copyOf(byName);
    }

    /** The usual ports, changed by {@code port.<name>} of the file and {@code FLUJO_PORT_<NAME>} of the environment. */
    static Ports configured(Properties file, Map<String, String> environment) {
        Map<String, Integer> ports = new LinkedHashMap<>();
        ports.put(KAFKA, 19092);
        ports.put(KAFKA_CONTROLLER, 19093);
        ports.put(CASSANDRA, 19042);
        ports.put(CASSANDRA_STORAGE, 19700);
        ports.put("pipeline-service", 8080);
        ports.put("build-runner", 8081);
        ports.put("deploy-service", 8082);
        ports.put("metrics-service", 8083);
        ports.put(PROXY, 8090);
        ports.replaceAll((name, port) -> {
            String variable = variable(name);
            String value = environment.getOrDefault(variable, file.getProperty("port." + name));
            return value == null ? port : parse(value, variable);
        });
        requireDifferent(ports);
        return new Ports(ports);
    }

    /** Ports that are free now, for a stack beside others. */
    public static Ports free() {
        Map<String, Integer> ports = new LinkedHashMap<>();
        configured(new Properties(), Map.of()).byName().forEach((name, port) -> ports.put(name, Await.freePort()));
        return new Ports(ports);
    }

    public int of(String name) {
        return byName.get(name);
    }

    /** The environment variable that sets a port. */
    static String variable(String name) {
        return "FLUJO_PORT_" + name.toUpperCase(Locale.ROOT).replace('-', '_');
    }

    private static void requireDifferent(Map<String, Integer> ports) {
        Map<Integer, String> owners = new HashMap<>();
        ports.forEach((name, port) -> {
            String other = owners.put(port, name);
            if (other != null) {
                throw new StackException("Expected a port of its own for each, but " + other + " and " + name
                        + " both have " + port + "; choose another with " + variable(name) + "=<port>");
            }
        });
    }

    private static int parse(String value, String variable) {
        try {
            int port = Integer.parseInt(value.trim());
            if (port > 0 && port < 65536) {
                return port;
            }
        } catch (NumberFormatException e) {
            throw new StackException(
                    "Expected a port from 1 to 65535 in " + variable + ", but found '" + value + "'", e);
        }
        throw new StackException("Expected a port from 1 to 65535 in " + variable + ", but found '" + value + "'");
    }
}
