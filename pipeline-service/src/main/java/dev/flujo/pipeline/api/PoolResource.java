package dev.flujo.pipeline.api;

import dev.flujo.event.PoolEvent.LimitsSet;
import dev.flujo.event.PoolLimits;
import dev.flujo.event.QueueEvent;
import dev.flujo.event.Topic;
import dev.flujo.kit.problem.CommonProblem;
import dev.flujo.kit.problem.Problem;
import dev.flujo.pipeline.messaging.Queues;
import dev.flujo.pipeline.token.Scope;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** The pools of runners, and how much of them a project may have. */
@Path("/api/v1/pools")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "pools")
public class PoolResource {

    private final Queues queues;
    private final Commands commands;

    PoolResource(Queues queues, Commands commands) {
        this.queues = queues;
        this.commands = commands;
    }

    /** The pools that have, or had, runners or work. */
    public record PoolsView(List<PoolView> items) {}

    @GET
    @RolesAllowed(Scope.READ)
    @Operation(summary = "The pools of runners", description = "As they were a second or two ago.")
    public PoolsView list() {
        return new PoolsView(queues.pools().stream().map(PoolView::of).toList());
    }

    @GET
    @Path("/{pool}")
    @RolesAllowed(Scope.READ)
    @Operation(
            summary = "A pool of runners",
            description =
                    "Its runners, their labels, how many attempts wait, and limits; as it was a second or two ago.")
    public PoolView read(@PathParam("pool") String pool) {
        String name = Inputs.name("pool", pool);
        return queues.find(QueueEvent.ofPool(name))
                .map(PoolView::of)
                .orElseThrow(() -> new Problem(
                        CommonProblem.NOT_FOUND,
                        "Expected a pool that has runners or work, but there is none with the name '" + name
                                + "'; a runner joins one by FLUJO_RUNNER_POOL"));
    }

    @PUT
    @Path("/{pool}/limits")
    @Consumes(MediaType.APPLICATION_JSON)
    @RolesAllowed(Scope.ADMIN)
    @Operation(
            summary = "Say how many slots of a pool a project may have",
            description =
                    "From then on; what executes goes on. Without a limit a project may have every slot that no other"
                            + " project waits for. Answers 202 once the request is on the log.")
    public Response limit(@PathParam("pool") String pool, LimitsBody body) {
        Bodies.present(body);
        String name = Inputs.name("pool", pool);
        PoolLimits limits = body.limits();
        commands.send(new Commands.Command(
                "pool.limit",
                Topic.POOL_REQUESTS,
                UUID.randomUUID().toString(),
                UUID.randomUUID(),
                new LimitsSet(name, limits, commands.by())));
        return Response.accepted(new PoolView.LimitsView(limits.perProject(), limits.projects()))
                .build();
    }
}
