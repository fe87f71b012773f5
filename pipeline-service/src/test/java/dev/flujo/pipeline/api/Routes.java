package dev.flujo.pipeline.api;

import com.fasterxml.jackson.databind.JsonNode;
import dev.flujo.stack.TestClient;
import dev.flujo.stack.TestClient.Answer;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** The routes of the service as its OpenAPI document names them, so that tests about all routes cover a new one too. */
final class Routes {

    private static final Set<String> METHODS = Set.of("get", "put", "post", "delete", "patch");

    private Routes() {}

    /** One operation: its scope as documented (none if it needs no token), and the types of body that it takes. */
    record Route(String method, String template, Optional<String> scope, List<String> bodyTypes) {

        /** A path of this route: of a project, a pipeline, a pool and a run that there may be or not be. */
        String path() {
            return template.replace("{forge}", "github")
                    .replace("{project}", "shop")
                    .replace("{pipeline}", "main")
                    .replace("{version}", "0123456789ab")
                    .replace("{run}", new UUID(1, 1).toString())
                    .replace("{commit}", "0".repeat(40))
                    .replace("{template}", "java")
                    .replace("{digest}", "0".repeat(64))
                    .replace("{job}", "build")
                    .replace("{answer}", "approve")
                    .replace("{topic}", "flujo.builds")
                    .replace("{number}", "0")
                    .replace("{path}", "app.jar")
                    .replace("{pool}", "default")
                    .replace("{id}", "0123456789abcdef")
                    .replace("{kind}", "pipeline")
                    .replace("environments{rest}", "environments/shop/production")
                    .replace("metrics{rest}", "metrics/dora");
        }

        /** Asks for it with an empty JSON object where a body is taken. */
        Answer ask(TestClient client, String path) {
            return bodyTypes.isEmpty()
                    ? client.send(method, path, Map.of(), BodyPublishers.noBody())
                    : client.send(
                            method, path, Map.of("Content-Type", bodyTypes.get(0)), BodyPublishers.ofString("{}"));
        }

        @Override
        public String toString() {
            return method + " " + template;
        }
    }

    static List<Route> all(TestClient client) {
        JsonNode paths = client.get("/q/openapi?format=json").json().path("paths");
        List<Route> routes = new ArrayList<>();
        paths.properties().forEach(path -> path.getValue().properties().forEach(operation -> {
            if (METHODS.contains(operation.getKey())) {
                JsonNode scope = operation.getValue().at("/security/0/SecurityScheme/0");
                List<String> types = new ArrayList<>();
                operation.getValue().at("/requestBody/content").fieldNames().forEachRemaining(types::add);
                routes.add(new Route(
                        operation.getKey().toUpperCase(java.util.Locale.ROOT),
                        path.getKey(),
                        scope.isTextual() ? Optional.of(scope.asText()) : Optional.empty(),
                        types));
            }
        }));
        return routes;
    }
}
