package dev.flujo.pipeline.api;

import dev.flujo.kit.problem.CommonProblem;
import dev.flujo.kit.problem.Problem;
import dev.flujo.pipeline.token.Scope;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.ParameterIn;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/**
 * One origin for the user: environments are the deploy-service's, metrics the metrics-service's. The caller's token is
 * checked here; the services see Flujo's own.
 */
@Path("/api/v1")
@Tag(name = "other services")
public class PassOn {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String KEY = "Idempotency-Key";
    private static final int MOST_BYTES = 256 * 1024;

    /** Where the word stands that says what an environment is asked for: behind its project and its name. */
    private static final int WORD = 6;

    private static final String REST = "empty, or '/' and the rest of a path that the other service offers";

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(3))
            .build();
    private final URI deployService;
    private final URI metricsService;
    private final Optional<java.nio.file.Path> tokenFile;
    private final Commands commands;

    PassOn(
            @ConfigProperty(name = "flujo.deploy-service.url", defaultValue = "http://127.0.0.1:8082")
                    URI deployService,
            @ConfigProperty(name = "flujo.metrics-service.url", defaultValue = "http://127.0.0.1:8083")
                    URI metricsService,
            @ConfigProperty(name = "flujo.internal.token-file") Optional<java.nio.file.Path> tokenFile,
            Commands commands) {
        this.deployService = deployService;
        this.metricsService = metricsService;
        this.tokenFile = tokenFile;
        this.commands = commands;
    }

    @GET
    @Path("environments{rest:(/.*)?}")
    @RolesAllowed(Scope.READ)
    @Operation(summary = "What runs where, and what ran: passed on to the deploy-service")
    @Parameter(name = "rest", in = ParameterIn.PATH, required = true, description = REST)
    public Response environments(@Context UriInfo uri) {
        return pass(deployService, uri, Asked.plainly("GET"));
    }

    @POST
    @Path("environments{rest:(/.*)?}")
    @Consumes(MediaType.APPLICATION_JSON)
    @RolesAllowed(Scope.WRITE)
    @Operation(
            summary = "Promote or abort a rollout, or roll an environment back: passed on to the deploy-service",
            description = "The service is told who asks, and the action is recorded before it is passed on.")
    @Parameter(name = "rest", in = ParameterIn.PATH, required = true, description = REST)
    public Response command(@Context UriInfo uri, @HeaderParam(KEY) String key, InputStream body) {
        return environment("POST", uri, key, body);
    }

    @PUT
    @Path("environments{rest:(/.*)?}")
    @Consumes(MediaType.APPLICATION_JSON)
    @RolesAllowed(Scope.ADMIN)
    @Operation(
            summary = "Set the rules of an environment, a setting or a secret: passed on to the deploy-service",
            description = "Whether deployments wait for a person, where a release must have served before, and freezes;"
                    + " what applications are given as files. No secret is recorded or given out again.")
    @Parameter(name = "rest", in = ParameterIn.PATH, required = true, description = REST)
    public Response rules(@Context UriInfo uri, InputStream body) {
        return environment("PUT", uri, null, body);
    }

    @DELETE
    @Path("environments{rest:(/.*)?}")
    @RolesAllowed(Scope.ADMIN)
    @Operation(
            summary = "Take an environment down, or a setting or a secret of it away: passed on to the deploy-service",
            description =
                    "What is taken down leaves nothing on its target; its history, rules, settings and secrets stay.")
    @Parameter(name = "rest", in = ParameterIn.PATH, required = true, description = REST)
    public Response remove(@Context UriInfo uri) {
        commands.record(action(uri) + ".delete", uri.getRequestUri().getPath());
        return pass(deployService, uri, new Asked("DELETE", Map.of("Flujo-By", commands.by()), ""));
    }

    @POST
    @Path("incidents")
    @Consumes(MediaType.APPLICATION_JSON)
    @RolesAllowed(Scope.WRITE)
    @Operation(
            summary = "Report that an incident was detected, reported or resolved: passed on to the deploy-service",
            description = "Project, environment, incident, and state 'detected' or 'resolved'; or an event of CDEvents"
                    + " with the environment as 'project/environment'. It is tied to the deployment before it.")
    public Response incident(@Context UriInfo uri, InputStream body) {
        return told("incident", "POST", uri, null, body);
    }

    private static String action(UriInfo uri) {
        String[] parts = uri.getRequestUri().getPath().split("/", -1);
        return "environment" + (parts.length > WORD ? "." + parts[WORD] : "");
    }

    private Response environment(String method, UriInfo uri, String key, InputStream body) {
        return told(action(uri), method, uri, key, body);
    }

    private Response told(String action, String method, UriInfo uri, String key, InputStream body) {
        String text = new String(Bodies.bytes(body, MOST_BYTES), StandardCharsets.UTF_8);
        commands.record(action, uri.getRequestUri().getPath());
        Map<String, String> headers =
                new TreeMap<>(Map.of("Flujo-By", commands.by(), "Content-Type", MediaType.APPLICATION_JSON));
        if (key != null) {
            headers.put(KEY, key);
        }
        return pass(deployService, uri, new Asked(method, headers, text));
    }

    @GET
    @Path("metrics{rest:(/.*)?}")
    @RolesAllowed(Scope.READ)
    @Operation(summary = "DORA's keys and time to market: passed on to the metrics-service")
    @Parameter(name = "rest", in = ParameterIn.PATH, required = true, description = REST)
    public Response metrics(@Context UriInfo uri) {
        return pass(metricsService, uri, Asked.plainly("GET"));
    }

    @POST
    @Path("metrics{rest:(/.*)?}")
    @RolesAllowed(Scope.ADMIN)
    @Operation(summary = "Rebuild the metrics from the log: passed on to the metrics-service")
    @Parameter(name = "rest", in = ParameterIn.PATH, required = true, description = REST)
    public Response rebuild(@Context UriInfo uri) {
        return pass(metricsService, uri, Asked.plainly("POST"));
    }

    /** What is passed on besides the path. */
    private record Asked(String method, Map<String, String> headers, String body) {

        static Asked plainly(String method) {
            return new Asked(method, Map.of(), "");
        }
    }

    private Response pass(URI service, UriInfo uri, Asked what) {
        URI asked = uri.getRequestUri();
        String query = asked.getRawQuery() == null ? "" : "?" + asked.getRawQuery();
        URI target = URI.create(service + asked.getRawPath() + query);
        try {
            HttpRequest.Builder request = HttpRequest.newBuilder(target)
                    .timeout(PATIENCE)
                    .header("Authorization", "Bearer " + token())
                    .method(
                            what.method(),
                            what.body().isEmpty()
                                    ? HttpRequest.BodyPublishers.noBody()
                                    : HttpRequest.BodyPublishers.ofString(what.body()));
            what.headers().forEach(request::header);
            HttpResponse<InputStream> answer = http.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
            Response.ResponseBuilder response =
                    Response.status(answer.statusCode()).entity(answer.body());
            answer.headers().firstValue("Content-Type").ifPresent(type -> response.header("Content-Type", type));
            answer.headers().firstValue("Retry-After").ifPresent(after -> response.header("Retry-After", after));
            return response.build();
        } catch (IOException e) {
            throw away(service, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw away(service, e);
        }
    }

    private String token() throws IOException {
        if (tokenFile.isEmpty()) {
            throw new IOException("flujo.internal.token-file is not set");
        }
        return Files.readAllLines(tokenFile.get()).get(0).trim();
    }

    private static Problem away(URI service, Exception cause) {
        return new Problem(
                CommonProblem.UNAVAILABLE,
                "Expected the service at " + service + " to answer, but it does not; ask again later",
                cause);
    }
}
