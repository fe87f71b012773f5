package dev.flujo.deploy.proxy;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** The replicas of one version, by their ports, and their share of the requests: a line of a door's file {@code routes}. */
public record Route(String deployment, int weight, List<Integer> ports) {

    public Route {
        ports = List.copyOf(ports);
    }

    public String line() {
        return deployment + " " + weight
                + ports.stream().map(port -> " " + port).collect(Collectors.joining());
    }

    public static Route parse(String line) {
        List<String> parts = List.of(line.trim().split(" ", -1));
        return new Route(
                parts.get(0),
                Integer.parseInt(parts.get(1)),
                parts.subList(2, parts.size()).stream().map(Integer::parseInt).toList());
    }

    /** The same without the replicas at these ports. */
    public Route without(Set<Integer> gone) {
        return new Route(
                deployment,
                weight,
                ports.stream().filter(port -> !gone.contains(port)).toList());
    }
}
