package dev.flujo.pipeline.api;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.flujo.pipeline.PipelineServers;
import dev.flujo.pipeline.api.Routes.Route;
import dev.flujo.stack.TestClient;
import dev.flujo.stack.TestClient.Answer;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** What holds for every route, found in the OpenAPI document: who may ask, and in what form answers come. */
@QuarkusTest
@QuarkusTestResource(PipelineServers.class)
class AllRoutesIT {

    private static final String WEBHOOKS = "/api/v1/webhooks/";

    /** What editors fetch: nothing in it belongs to anybody. */
    private static final String SCHEMAS = "/schemas/";

    /** What is sent only to be looked at. */
    private static final List<String> LOOKED_AT = List.of("/api/v1/lint", "/api/v1/plan");

    private static final List<UnaryOperator<String>> TRAPS = List.of(
            path -> path + ";x",
            path -> path + ";.jsp",
            path -> path + "%3Bx",
            path -> path + "%3bx=1",
            path -> path.replaceFirst("/v1/", "/v1;x=1/"),
            path -> path.replaceFirst("/v1/", "/v1%3Bx/"),
            path -> path.replaceFirst("/v1/", "//v1/"),
            path -> "/" + path,
            path -> path.replaceFirst("/v1/", "/./v1/"),
            path -> path.replaceFirst("/v1/", "/x/../v1/"),
            path -> path.replaceFirst("/v1/", "/x/%2e%2e/v1/"),
            path -> path.replaceFirst("/v1/", "/%2e/v1/"),
            path -> path.replaceFirst("/v1/", "%2Fv1%2F"),
            path -> path.replaceFirst("/v1/", "%5Cv1%5C"),
            path -> path.replaceFirst("/v1/", "/x%5C..%5C..%2Fv1/"),
            path -> "/q/health/.." + path.replaceFirst("^/", "/"),
            path -> "/q/health/%2e%2e/.." + path,
            path -> "/q/health;" + path,
            path -> path + "/",
            path -> path + "%00",
            path -> path + "?/q/health",
            path -> path + ".json");

    @TestHTTPResource
    URI base;

    private TestClient anonymous;
    private TestClient admin;
    private List<Route> routes;

    @BeforeEach
    void begin() {
        anonymous = TestClient.anonymous(base).awaitReady();
        admin = anonymous.with(PipelineServers.ADMIN);
        routes = Routes.all(admin);
        assertTrue(routes.size() > 20, routes.toString());
    }

    @Test
    void documentsForEachRouteTheScopeThatItShouldHave() {
        for (Route route : routes) {
            boolean open =
                    route.template().startsWith(WEBHOOKS) || route.template().startsWith(SCHEMAS);
            boolean read = route.method().equals("GET") || LOOKED_AT.contains(route.template());
            Optional<String> scope = open
                    ? Optional.empty()
                    : Optional.of(
                            route.template().startsWith("/api/v1/tokens")
                                            || route.template().startsWith("/api/v1/dead-letters")
                                            || route.template().endsWith("/limits")
                                            || isRules(route)
                                            || route.equals(rebuild())
                                    ? "admin"
                                    : read ? "read" : "write");

            assertEquals(scope, route.scope(), route.toString());
        }
    }

    @Test
    void nobodyWithoutAValidTokenIsAnswered() {
        assertAll(routes.stream()
                .filter(route -> route.scope().isPresent())
                .flatMap(route -> List.of(anonymous, anonymous.with("flujo_0123"), anonymous.with("")).stream()
                        .<Executable>map(caller -> () -> assertProblem(401, route.ask(caller, route.path()), route))));
    }

    @Test
    void aTokenAllowsWhatItsScopeHoldsAndNoMore() {
        List<String> scopes = List.of("read", "write", "admin");
        for (String scope : scopes) {
            TestClient caller = anonymous.with(token(scope));
            for (Route route : routes) {
                if (route.scope().isEmpty()) {
                    continue;
                }
                Answer answer = route.ask(caller, route.path());
                if (scopes.indexOf(scope) < scopes.indexOf(route.scope().get())) {
                    assertProblem(403, answer, route);
                } else {
                    assertFalse(List.of(401, 403).contains(answer.status()), scope + " for " + route + answer);
                    assertTrue(answer.status() < 300 || answer.isProblem(), route + " " + answer);
                }
            }
        }
    }

    @Test
    void noSpellingOfAPathLeadsAroundTheQuestionWhoAsks() {
        TestClient reader = anonymous.with(token("read"));
        for (Route route : routes) {
            if (route.template().startsWith(SCHEMAS)) {
                continue;
            }
            for (UnaryOperator<String> trap : TRAPS) {
                String path = trap.apply(route.path());
                int status = route.ask(anonymous, path).status();
                assertTrue(
                        List.of(401, 404).contains(status) || (route.scope().isEmpty() && status == 400),
                        route.method() + " " + path + ": " + status);
                if (route.scope().isPresent() && !route.scope().get().equals("read")) {
                    int low = route.ask(reader, path).status();
                    assertTrue(List.of(403, 404).contains(low), route.method() + " " + path + ": " + low);
                }
            }
        }
    }

    @Test
    void aPathHasOneSpellingForThoseWhoMayAskToo() {
        for (String path : List.of(
                "/api/v1/runs;x",
                "/api/v1/runs%3Bx",
                "/api/v1;x=1/runs",
                "/api/v1%2Fruns",
                "/api/v1%2fruns",
                "/api/v1%5Cruns",
                "/api//v1/runs",
                "//api/v1/runs",
                "/api/./v1/runs",
                "/api/x/../v1/runs",
                "/api/x/%2e%2e/v1/runs",
                "/api/v1/runs%00",
                "/api/v1/environments/..%2f..%2f..%2fq/metrics",
                "/api/v1/environments/%2e%2e/%2e%2e/%2e%2e/q/metrics",
                "/api/v1/environments/../../../q/metrics",
                "/api/v1/metrics;/../../../q/metrics",
                "/api/v1/metrics//q/metrics",
                "/q/../api/v1/runs",
                "/q/health;x")) {
            assertProblem(404, admin.get(path), path);
        }
    }

    @Test
    void whatIsNotThereOrNotOfferedIsAProblemToo() {
        TestClient caller = admin;
        assertProblem(404, caller.get("/api/v1/nowhere"), "");
        assertProblem(404, caller.get("/nowhere"), "");
        assertProblem(405, caller.send("DELETE", "/api/v1/runs", Map.of(), BodyPublishers.noBody()), "");
        assertProblem(405, caller.send("TRACE", "/api/v1/runs", Map.of(), BodyPublishers.noBody()), "");
        assertProblem(
                415,
                caller.send(
                        "POST",
                        "/api/v1/projects/shop/pipelines/main/runs",
                        Map.of("Content-Type", "text/plain"),
                        BodyPublishers.ofString("{\"branch\":\"main\"}")),
                null);
        assertProblem(
                406, caller.send("GET", "/api/v1/runs", Map.of("Accept", "image/png"), BodyPublishers.noBody()), null);
    }

    @Test
    void onlyHealthOfWhatOperatorsLookAtIsForEverybody() {
        for (String path : List.of("/q/metrics", "/q/openapi", "/q/dev", "/q/swagger-ui", "/q/info", "/q/")) {
            int status = anonymous.get(path).status();
            assertTrue(List.of(401, 404).contains(status), path + ": " + status);
        }
        for (String path : List.of("/q/health/live", "/q/health/ready", "/q/health/started", "/q/health")) {
            assertEquals(200, anonymous.get(path).status(), path);
        }
        assertEquals(200, anonymous.with(token("read")).get("/q/metrics").status());
    }

    private String token(String scope) {
        Answer made = admin.post("/api/v1/tokens", "{\"name\":\"a-" + scope + "\",\"scopes\":[\"" + scope + "\"]}");
        assertEquals(201, made.status(), made.body());
        return made.json().path("token").asText();
    }

    /** Rules, settings and secrets of environments are put there and taken away. */
    private static boolean isRules(Route route) {
        return List.of("PUT", "DELETE").contains(route.method())
                && route.template().equals("/api/v1/environments{rest}");
    }

    private Route rebuild() {
        return routes.stream()
                .filter(route -> route.toString().equals("POST /api/v1/metrics{rest}"))
                .findFirst()
                .orElseThrow();
    }

    private static void assertProblem(int status, Answer answer, Object what) {
        assertEquals(status, answer.status(), () -> what + " " + answer);
        assertTrue(answer.isProblem(), () -> what + " " + answer);
    }
}
