package dev.flujo.deploy.api;

import dev.flujo.deploy.DeployService;
import dev.flujo.deploy.Environment;
import dev.flujo.deploy.History;
import dev.flujo.deploy.History.Entry;
import dev.flujo.deploy.History.Place;
import dev.flujo.deploy.Target.Serving;
import dev.flujo.event.Work;
import dev.flujo.kit.page.Cursor;
import dev.flujo.kit.page.Page;
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
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;

/** Environments: what runs in them now, and what ran before. */
@Path("/api/v1/environments")
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed("read")
public class EnvironmentResource {

    private final DeployService service;
    private final History history;
    private final DeploymentViews deployments;

    EnvironmentResource(DeployService service, History history, DeploymentViews deployments) {
        this.service = service;
        this.history = history;
        this.deployments = deployments;
    }

    @GET
    @Operation(summary = "The environments of a project, by name")
    public Page<EnvironmentView> all(
            @QueryParam("project") String project,
            @QueryParam("limit") @DefaultValue("50") String limit,
            @QueryParam("cursor") String cursor) {
        if (project == null || !EnvironmentNames.isName(project)) {
            throw new Problem(
                    CommonProblem.BAD_REQUEST,
                    "Expected the name of a project in the parameter 'project', but there is none; name a project");
        }
        String list = "environments/" + project;
        int most = Limit.of(limit);
        String after = Cursor.place(list, cursor, place -> place.get(0)).orElse("");
        List<String> names = history.environments(project, after, most);
        return new Page<>(
                names.stream()
                        .map(environment -> view(project, environment))
                        .flatMap(Optional::stream)
                        .toList(),
                names.size() < most ? Optional.empty() : Optional.of(Cursor.of(list, names.get(most - 1))));
    }

    @GET
    @Path("{project}/{environment}")
    @Operation(
            summary = "One environment: what runs there, since when, from which commit, and who brought it there",
            description = "With asOf, a time such as 2026-03-01T03:00:00Z, what ran there at that time.")
    public EnvironmentView one(
            @PathParam("project") String project,
            @PathParam("environment") String environment,
            @QueryParam("asOf") String asOf) {
        EnvironmentNames.checked(project, environment);
        if (asOf != null) {
            return at(project, environment, time(asOf));
        }
        return view(project, environment).orElseThrow(() -> EnvironmentNames.none(project, environment));
    }

    @GET
    @Path("{project}/{environment}/history")
    @Operation(summary = "The deployments of an environment, the newest first, failed ones too")
    public Page<DeploymentView> history(
            @PathParam("project") String project,
            @PathParam("environment") String environment,
            @QueryParam("limit") @DefaultValue("50") String limit,
            @QueryParam("cursor") String cursor) {
        EnvironmentNames.checked(project, environment);
        String list = "history/" + project + "/" + environment;
        int most = Limit.of(limit);
        Place from = Cursor.place(
                        list, cursor, place -> new Place(Instant.parse(place.get(0)), UUID.fromString(place.get(1))))
                .orElse(Place.NEWEST);
        List<Entry> entries = history.entries(project, environment, from, most);
        Optional<String> next = entries.size() < most
                ? Optional.empty()
                : Optional.of(Cursor.of(
                        list,
                        entries.get(most - 1).at().toString(),
                        entries.get(most - 1).deployment().toString()));
        return new Page<>(deployments.views(new Environment(project, environment), entries), next);
    }

    @GET
    @Path("{project}/{environment}/difference")
    @Operation(summary = "What is different between two deployments: commit, files by digest, settings")
    public DifferenceView difference(
            @PathParam("project") String project,
            @PathParam("environment") String environment,
            @QueryParam("from") String from,
            @QueryParam("to") String to)
            throws IOException {
        Environment place = EnvironmentNames.checked(project, environment);
        UUID first = id("from", from);
        UUID second = id("to", to);
        Work before = work(place, first);
        Work after = work(place, second);
        return DifferenceView.of(
                DifferenceView.Side.of(first, before), before, DifferenceView.Side.of(second, after), after);
    }

    private Work work(Environment place, UUID deployment) throws IOException {
        return service.rollouts()
                .work(place, deployment)
                .orElseThrow(() -> new Problem(
                        CommonProblem.NOT_FOUND,
                        "Expected a deployment of this environment, but there is no " + deployment
                                + "; see its history for those that there are"));
    }

    private static UUID id(String name, String text) {
        try {
            return UUID.fromString(text == null ? "" : text);
        } catch (IllegalArgumentException e) {
            throw new Problem(
                    CommonProblem.BAD_REQUEST,
                    "Expected the id of a deployment in '" + name + "', but there is none; name one of the history",
                    e);
        }
    }

    private EnvironmentView at(String project, String environment, Instant time) {
        Place place = new Place(time.plusMillis(1), new UUID(0, 0));
        while (true) {
            List<Entry> entries = history.entries(project, environment, place, Limit.MOST);
            Optional<Entry> served = entries.stream()
                    .filter(entry -> !entry.state().equals("FAILED"))
                    .findFirst();
            if (served.filter(entry -> entry.state().equals(Entry.TAKEN_DOWN)).isPresent()) {
                throw new Problem(
                        CommonProblem.NOT_FOUND,
                        "Expected something that ran in '" + environment + "' at " + time
                                + ", but it was taken down at " + served.get().at());
            }
            if (served.isPresent()) {
                return view(served.get());
            }
            if (entries.size() < Limit.MOST) {
                throw new Problem(
                        CommonProblem.NOT_FOUND,
                        "Expected something that ran in '" + environment + "' at " + time + ", but nothing did");
            }
            Entry last = entries.get(entries.size() - 1);
            place = new Place(last.at(), last.deployment());
        }
    }

    private EnvironmentView view(Entry entry) {
        return new EnvironmentView(
                entry.project(),
                entry.environment(),
                null,
                entry.address().orElse(null),
                deployments.url(entry).orElse(null),
                entry.deployment(),
                entry.at(),
                entry.run(),
                entry.commit().orElse(null),
                entry.branch(),
                entry.by(),
                null,
                null,
                sites(new Environment(entry.project(), entry.environment()), entry.deployment()));
    }

    private List<SiteView> sites(Environment place, UUID deployment) {
        try {
            return SiteView.of(service.rollouts().waves(place, deployment));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Instant time(String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeParseException e) {
            throw new Problem(
                    CommonProblem.BAD_REQUEST,
                    "Expected a time such as 2026-03-01T03:00:00Z in 'asOf', but it is none; correct it",
                    e);
        }
    }

    private Optional<EnvironmentView> view(String project, String environment) {
        try {
            Environment place = new Environment(project, environment);
            Optional<Serving> serving = service.target().serving(place);
            List<Entry> entries = history.entries(project, environment, Place.NEWEST, Limit.MOST);
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
                    service.target().live(place),
                    serving.map(Serving::address).orElse(null),
                    serving.flatMap(now ->
                                    deployments.url(place, now.deployment()).or(() -> Optional.of(now.address())))
                            .orElse(null),
                    serving.map(Serving::deployment).orElse(null),
                    serving.map(Serving::since).orElse(null),
                    entry.map(Entry::run).orElse(null),
                    entry.flatMap(Entry::commit).orElse(null),
                    entry.map(Entry::branch).orElse(null),
                    entry.map(Entry::by).orElse(null),
                    service.stays().until(place).orElse(null),
                    service.stays().request(place).orElse(null),
                    serving.map(now -> sites(place, now.deployment())).orElse(null)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
