package dev.flujo.deploy.api;

import dev.flujo.deploy.DeployService;
import dev.flujo.deploy.History;
import dev.flujo.deploy.History.Entry;
import dev.flujo.deploy.Target.Serving;
import dev.flujo.kit.problem.CommonProblem;
import dev.flujo.kit.problem.Problem;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;

/** Environments: what runs in them now, and what ran before. */
@Path("/api/v1/environments")
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed("read")
public class EnvironmentResource {

    private static final int MOST = 200;

    private final DeployService service;
    private final History history;

    EnvironmentResource(DeployService service, History history) {
        this.service = service;
        this.history = history;
    }

    @GET
    @Operation(summary = "The environments of a project")
    public Page<EnvironmentView> all(@QueryParam("project") String project) {
        if (project == null || project.isEmpty()) {
            throw new Problem(
                    CommonProblem.BAD_REQUEST, "Expected the parameter project, but it is missing; name a project");
        }
        return new Page<>(
                history.environments(project).stream()
                        .map(environment -> view(project, environment))
                        .flatMap(Optional::stream)
                        .toList(),
                null);
    }

    @GET
    @Path("{project}/{environment}")
    @Operation(summary = "One environment: what runs there, since when, from which commit, and who brought it there")
    public EnvironmentView one(@PathParam("project") String project, @PathParam("environment") String environment) {
        return view(project, environment)
                .orElseThrow(() -> new Problem(
                        CommonProblem.NOT_FOUND,
                        "Expected an environment that something was deployed to, but project " + project + " has no '"
                                + environment + "'"));
    }

    @GET
    @Path("{project}/{environment}/history")
    @Operation(summary = "The deployments of an environment, the newest first, failed ones too")
    public Page<DeploymentView> history(
            @PathParam("project") String project,
            @PathParam("environment") String environment,
            @QueryParam("limit") @DefaultValue("50") String limit,
            @QueryParam("cursor") String cursor) {
        int count = count(limit);
        List<Entry> entries = history.entries(project, environment, before(cursor), count);
        String next = entries.size() < count
                ? null
                : entries.get(entries.size() - 1).at().toString();
        return new Page<>(entries.stream().map(DeploymentView::of).toList(), next);
    }

    private Optional<EnvironmentView> view(String project, String environment) {
        try {
            Optional<Serving> serving = service.target().serving(project, environment);
            List<Entry> entries = history.entries(project, environment, before(null), MOST);
            if (serving.isEmpty() && entries.isEmpty()) {
                return Optional.empty();
            }
            Optional<Entry> entry = entries.stream()
                    .filter(candidate -> serving.isPresent()
                            && candidate.deployment().equals(serving.get().deployment()))
                    .findFirst();
            return Optional.of(new EnvironmentView(
                    project,
                    environment,
                    service.target().live(project, environment),
                    serving.map(Serving::address).orElse(null),
                    serving.map(Serving::deployment).orElse(null),
                    serving.map(Serving::since).orElse(null),
                    entry.map(Entry::run).orElse(null),
                    entry.flatMap(Entry::commit).orElse(null),
                    entry.map(Entry::branch).orElse(null),
                    entry.map(Entry::by).orElse(null)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int count(String limit) {
        try {
            int count = Integer.parseInt(limit);
            if (count >= 1 && count <= MOST) {
                return count;
            }
        } catch (NumberFormatException e) {
            throw badLimit(limit, e);
        }
        throw badLimit(limit, null);
    }

    private static Problem badLimit(String limit, Throwable cause) {
        return new Problem(
                CommonProblem.BAD_REQUEST, "Expected a limit from 1 to " + MOST + ", but found '" + limit + "'", cause);
    }

    private static Instant before(String cursor) {
        try {
            return cursor == null ? Instant.now().plus(Duration.ofDays(1)) : Instant.parse(cursor);
        } catch (DateTimeException e) {
            throw new Problem(
                    CommonProblem.BAD_REQUEST,
                    "Expected a cursor from an earlier page, but found '" + cursor + "'; begin without one",
                    e);
        }
    }
}
