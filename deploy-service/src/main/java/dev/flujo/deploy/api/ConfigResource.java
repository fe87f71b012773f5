package dev.flujo.deploy.api;

import dev.flujo.core.plan.shape.TimeSpan;
import dev.flujo.deploy.ConfigHistory;
import dev.flujo.deploy.DeployService;
import dev.flujo.deploy.Environment;
import dev.flujo.deploy.config.ConfigRefused;
import dev.flujo.deploy.config.ConfigStore;
import dev.flujo.deploy.config.Item;
import dev.flujo.deploy.config.Kind;
import dev.flujo.kit.page.Page;
import dev.flujo.kit.problem.CommonProblem;
import dev.flujo.kit.problem.Problem;
import io.quarkus.security.identity.SecurityIdentity;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;
import org.eclipse.microprofile.openapi.annotations.Operation;

/** The settings and secrets of an environment. What a secret is set to is never given out again. */
@Path("/api/v1/environments/{project}/{environment}")
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed("read")
public class ConfigResource {

    private static final String ITEMS = "{kind:settings|secrets}";
    private static final String ITEM = ITEMS + "/{name}";
    private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9_-]{0,62}");
    private static final Duration LONGEST_OVERLAP = Duration.ofDays(90);
    private static final Duration USUAL_OVERLAP = Duration.ofHours(1);

    /** A shorter one would be found everywhere in what an application prints. */
    private static final int SHORTEST_SECRET = 8;

    private static final int MOST_SEEN = 1000;

    private final DeployService service;
    private final ConfigHistory history;
    private final SecurityIdentity identity;

    ConfigResource(DeployService service, ConfigHistory history, SecurityIdentity identity) {
        this.service = service;
        this.history = history;
        this.identity = identity;
    }

    @GET
    @Path("config")
    @Operation(summary = "Whether what serves has the newest settings and secrets of its environment")
    public ConfigStateView state(@PathParam("project") String project, @PathParam("environment") String environment)
            throws IOException {
        Environment place = EnvironmentNames.checked(project, environment);
        return ConfigStateView.of(service.rollouts().config().state(place));
    }

    @GET
    @Path(ITEMS)
    @Operation(summary = "The settings or the secrets of an environment by name, without the values of secrets")
    public Page<ItemView> all(
            @PathParam("project") String project,
            @PathParam("environment") String environment,
            @PathParam("kind") String kind)
            throws IOException {
        Environment place = EnvironmentNames.checked(project, environment);
        Instant now = Instant.now();
        return new Page<>(
                store().items(place).stream()
                        .filter(item -> item.kind() == kind(kind))
                        .map(item -> ItemView.of(item, now))
                        .toList(),
                Optional.empty());
    }

    @GET
    @Path(ITEM)
    @Operation(summary = "One setting or secret: its versions, who set each and when, and which deployments saw it")
    public ItemView one(
            @PathParam("project") String project,
            @PathParam("environment") String environment,
            @PathParam("kind") String kind,
            @PathParam("name") String name)
            throws IOException {
        Environment place = EnvironmentNames.checked(project, environment);
        Item item = store().item(place, kind(kind), checked(kind, name)).orElseThrow(() -> none(kind, name));
        return ItemView.of(item, Instant.now(), history.ofItem(place, name, MOST_SEEN));
    }

    @PUT
    @Path(ITEM)
    @Consumes(MediaType.APPLICATION_JSON)
    @RolesAllowed("admin")
    @Operation(
            summary = "Set a setting or secret; whatever runs is given it at once",
            description = "The version before can be read beside it for the time 'overlap': 1h for secrets where"
                    + " nothing is said, not at all for settings.")
    public ItemView put(
            @PathParam("project") String project,
            @PathParam("environment") String environment,
            @PathParam("kind") String kind,
            @PathParam("name") String name,
            @HeaderParam(RolloutResource.BY) String by,
            ValueBody body)
            throws IOException {
        Environment place = EnvironmentNames.checked(project, environment);
        checked(kind, name);
        if (body == null || body.value() == null) {
            throw invalid("Expected 'value', a text, but there is none");
        }
        String value = body.value();
        if (value.length() > ConfigStore.MOST_CHARACTERS || value.indexOf(0) >= 0) {
            throw invalid("Expected a value of at most " + ConfigStore.MOST_CHARACTERS
                    + " characters without the character 0, but it is not");
        }
        if (kind(kind) == Kind.SECRET && value.strip().length() < SHORTEST_SECRET) {
            throw invalid("Expected a secret of at least " + SHORTEST_SECRET + " characters, but it is shorter");
        }
        Instant now = Instant.now();
        try {
            return ItemView.of(
                    store().put(place, kind(kind), name, value, by(by), now, overlap(kind(kind), body.overlap())), now);
        } catch (ConfigRefused e) {
            throw new Problem(CommonProblem.INVALID, e.getMessage(), e);
        }
    }

    @DELETE
    @Path(ITEM)
    @RolesAllowed("admin")
    @Operation(summary = "Take a setting or secret away, at once; its versions are still listed")
    public Response remove(
            @PathParam("project") String project,
            @PathParam("environment") String environment,
            @PathParam("kind") String kind,
            @PathParam("name") String name,
            @HeaderParam(RolloutResource.BY) String by)
            throws IOException {
        Environment place = EnvironmentNames.checked(project, environment);
        if (store().remove(place, kind(kind), checked(kind, name), by(by), Instant.now())
                .isEmpty()) {
            throw none(kind, name);
        }
        return Response.noContent().build();
    }

    @POST
    @Path(ITEM + "/confirmed")
    @Consumes(MediaType.APPLICATION_JSON)
    @RolesAllowed("write")
    @Operation(summary = "Say that the newest version works: the one before cannot be read any more")
    public ItemView confirm(
            @PathParam("project") String project,
            @PathParam("environment") String environment,
            @PathParam("kind") String kind,
            @PathParam("name") String name,
            @HeaderParam(RolloutResource.BY) String by,
            ConfirmBody body)
            throws IOException {
        Environment place = EnvironmentNames.checked(project, environment);
        Item before = store().item(place, kind(kind), checked(kind, name)).orElseThrow(() -> none(kind, name));
        if (body == null || body.version() == null) {
            throw invalid("Expected 'version', a number, but there is none; the newest is "
                    + before.newest().number());
        }
        Instant now = Instant.now();
        Item confirmed = store().confirm(place, kind(kind), name, body.version(), by(by), now)
                .orElseThrow(() -> new Problem(
                        DeployProblem.NOT_NEWEST,
                        "Expected the newest version of '" + name + "', but " + body.version()
                                + " is not; see what it is"));
        return ItemView.of(confirmed, now);
    }

    private ConfigStore store() {
        return service.rollouts().config().store();
    }

    private static Kind kind(String plural) {
        return Arrays.stream(Kind.values())
                .filter(kind -> kind.plural().equals(plural))
                .findFirst()
                .orElseThrow();
    }

    private static Duration overlap(Kind kind, Optional<String> text) {
        if (text.isEmpty()) {
            return kind == Kind.SECRET ? USUAL_OVERLAP : Duration.ZERO;
        }
        if (text.get().equals("0s")) {
            return Duration.ZERO;
        }
        return TimeSpan.parse(text.get())
                .filter(time -> time.compareTo(LONGEST_OVERLAP) <= 0)
                .orElseThrow(() -> invalid("Expected a time such as 0s, 10m or 1h as 'overlap', at most "
                        + LONGEST_OVERLAP.toDays() + "d, but it is none"));
    }

    private static String checked(String kind, String name) {
        if (!NAME.matcher(name).matches()) {
            throw none(kind, name);
        }
        return name;
    }

    private static Problem none(String kind, String name) {
        return new Problem(
                CommonProblem.NOT_FOUND,
                NAME.matcher(name).matches()
                        ? "Expected one of the " + kind + " of this environment, but it has no '" + name + "'"
                        : "Expected a name of a letter, and letters, digits, '_' and '-' after it, at most 63 together,"
                                + " but that is none");
    }

    private static Problem invalid(String detail) {
        return new Problem(CommonProblem.INVALID, detail);
    }

    private String by(String header) {
        return header == null || header.isBlank() ? identity.getPrincipal().getName() : header;
    }
}
