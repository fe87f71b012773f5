package dev.flujo.deploy.target.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Where users reach a release: what a manifest says, else its route, its ingress, or its service within the cluster. */
final class Address {

    private static final String SAID = "flujo.dev/address";
    private static final int HTTP = 80;

    private Address() {}

    static String of(Release release, Place place) {
        List<Function<JsonNode, Optional<String>>> ways =
                List.of(Address::said, Address::route, Address::ingress, service -> service(service, place));
        return ways.stream()
                .flatMap(way -> release.manifests().values().stream().flatMap(manifest -> way.apply(manifest).stream()))
                .findFirst()
                .orElse(place.cluster() + "/" + place.namespace());
    }

    private static Optional<String> said(JsonNode manifest) {
        return text(manifest.path("metadata").path("annotations").path(SAID));
    }

    private static Optional<String> route(JsonNode manifest) {
        return manifest.path("kind").asText().equals(Kind.HTTP_ROUTE.word())
                ? text(manifest.at("/spec/hostnames/0")).map(host -> "http://" + host)
                : Optional.empty();
    }

    private static Optional<String> ingress(JsonNode manifest) {
        String scheme = manifest.at("/spec/tls/0").isMissingNode() ? "http://" : "https://";
        return manifest.path("kind").asText().equals(Kind.INGRESS.word())
                ? text(manifest.at("/spec/rules/0/host")).map(host -> scheme + host)
                : Optional.empty();
    }

    private static Optional<String> service(JsonNode manifest, Place place) {
        return manifest.path("kind").asText().equals(Kind.SERVICE.word())
                ? Optional.of(within(manifest, place))
                : Optional.empty();
    }

    /** The name that a service has within its cluster, with its first port. */
    static String within(JsonNode service, Place place) {
        String host = service.at("/metadata/name").asText() + "." + place.namespace() + ".svc";
        int port = service.at("/spec/ports/0/port").asInt(HTTP);
        return "http://" + host + (port == HTTP ? "" : ":" + port);
    }

    private static Optional<String> text(JsonNode node) {
        return node.isTextual() ? Optional.of(node.asText()) : Optional.empty();
    }
}
