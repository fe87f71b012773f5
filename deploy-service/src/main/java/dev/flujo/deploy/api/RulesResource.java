package dev.flujo.deploy.api;

import dev.flujo.deploy.DeployService;
import dev.flujo.deploy.Environment;
import dev.flujo.deploy.rollout.Freeze;
import dev.flujo.deploy.rollout.Rules;
import dev.flujo.kit.problem.CommonProblem;
import dev.flujo.kit.problem.Problem;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.ZoneId;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;

/** The rules of an environment: whether deployments wait for a person, where a release must have been before, freezes. */
@Path("/api/v1/environments/{project}/{environment}/rules")
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed("read")
public class RulesResource {

    private static final int MOST_FREEZES = 50;
    private static final int LONGEST_NAME = 100;

    private final DeployService service;

    RulesResource(DeployService service) {
        this.service = service;
    }

    @GET
    @Operation(summary = "The rules of an environment")
    public RulesBody rules(@PathParam("project") String project, @PathParam("environment") String environment)
            throws IOException {
        return RulesBody.of(service.rollouts().rules(EnvironmentNames.checked(project, environment)));
    }

    @PUT
    @Consumes(MediaType.APPLICATION_JSON)
    @RolesAllowed("admin")
    @Operation(summary = "Set the rules of an environment; what is on its way already keeps to those it began with")
    public RulesBody set(
            @PathParam("project") String project, @PathParam("environment") String environment, RulesBody body)
            throws IOException {
        Environment place = EnvironmentNames.checked(project, environment);
        if (body == null) {
            throw invalid("Expected rules as a JSON object, but there is none");
        }
        if (body.after().filter(name -> !EnvironmentNames.isName(name)).isPresent()
                || body.after().equals(Optional.of(environment))) {
            throw invalid("Expected the name of another environment in 'after', but it is none; correct it");
        }
        if (body.freezes().size() > MOST_FREEZES) {
            throw invalid("Expected at most " + MOST_FREEZES + " freezes, but there are more; remove some");
        }
        Rules rules = new Rules(
                body.approval(),
                body.after(),
                body.freezes().stream().map(RulesResource::freeze).toList(),
                body.heal());
        service.rollouts().rules(place, rules);
        return RulesBody.of(rules);
    }

    private static Freeze freeze(RulesBody.Window window) {
        if (window.name() == null
                || window.name().length() > LONGEST_NAME
                || window.zone() == null
                || window.from() == null
                || window.to() == null) {
            throw invalid("Expected 'name' (of at most " + LONGEST_NAME
                    + " characters), 'zone', 'from' and 'to' of a freeze, but one is missing or too long");
        }
        try {
            List<DayOfWeek> days = window.days().stream()
                    .map(day -> DayOfWeek.valueOf(day.toUpperCase(Locale.ROOT)))
                    .toList();
            return new Freeze(window.name(), ZoneId.of(window.zone()), window.from(), window.to(), days);
        } catch (DateTimeException | IllegalArgumentException e) {
            throw new Problem(
                    CommonProblem.INVALID,
                    "Expected a freeze such as {\"name\": \"holidays\", \"zone\": \"Europe/Berlin\", \"from\":"
                            + " \"2026-12-20T00:00\", \"to\": \"2027-01-05T08:00\"}, or from and to as times of"
                            + " 'days', but '" + window.name() + "' is none: " + e.getMessage(),
                    e);
        }
    }

    private static Problem invalid(String detail) {
        return new Problem(CommonProblem.INVALID, detail);
    }
}
