package dev.flujo.runner.egress;

import java.io.IOException;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;

/**
 * The proxy as a process of its own, for jobs that run where their runner does not: in pods. It listens at all addresses, and ends
 * when it is told to.
 */
public final class EgressMain {

    private static final String ALLOWED = "FLUJO_EGRESS_ALLOWED";
    private static final String MAY_BE_PRIVATE = "FLUJO_RUNNER_PRIVATE_HOSTS";
    private static final String PORT = "FLUJO_EGRESS_PORT";
    private static final int USUAL_PORT = 3128;
    private static final int REFUSED = 2;

    private EgressMain() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        Map<String, String> settings = System.getenv();
        AllowedHosts allowed;
        int port;
        try {
            allowed = AllowedHosts.of(ALLOWED, list(settings, ALLOWED));
            port = Integer.parseInt(settings.getOrDefault(PORT, Integer.toString(USUAL_PORT)));
        } catch (IllegalArgumentException e) {
            System.err.println(
                    e instanceof NumberFormatException
                            ? "Expected in " + PORT + " the number of a port, but found '" + settings.get(PORT) + "'"
                            : e.getMessage());
            System.exit(REFUSED);
            return;
        }
        try (EgressProxy proxy =
                new EgressProxy(allowed, Set.copyOf(list(settings, MAY_BE_PRIVATE)), NameService.OF_THIS_MACHINE)) {
            int open = proxy.open(InetAddress.getByName("0.0.0.0"), port);
            System.out.println("port " + open + " leads to "
                    + (allowed.entries().isEmpty() ? "no host" : String.join(", ", list(settings, ALLOWED))));
            new CountDownLatch(1).await();
        }
    }

    private static List<String> list(Map<String, String> settings, String name) {
        return Stream.of(settings.getOrDefault(name, "").split(",", -1))
                .map(String::strip)
                .filter(host -> !host.isEmpty())
                .toList();
    }
}
