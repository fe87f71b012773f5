package dev.flujo.pipeline.api;

import dev.flujo.kit.page.Cursor;
import dev.flujo.kit.page.Page;
import dev.flujo.pipeline.store.RunEvents;
import dev.flujo.pipeline.store.RunRow;
import dev.flujo.pipeline.store.StoredEvent;
import dev.flujo.pipeline.token.Scope;
import io.smallrye.common.annotation.Blocking;
import io.smallrye.mutiny.Multi;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.Sse;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** The log of a run: every event, in order, and live. What lies above a run's sequence may still have gaps: it is not told. */
@Path("/api/v1/runs/{run}/events")
@RolesAllowed(Scope.READ)
@Tag(name = "runs")
public class RunEventsResource {

    private static final long END = 999_999_999_999_999L;
    private static final int AT_ONCE = 200;

    private final RunReader reader;
    private final RunEvents events;
    private final Follow follow;

    RunEventsResource(RunReader reader, RunEvents events, Follow follow) {
        this.reader = reader;
        this.events = events;
        this.follow = follow;
    }

    @GET
    @Produces(MediaType.APPLICATION_JSON)
    @Operation(summary = "The events of a run, by their numbers from 1, each the whole CDEvent")
    public Page<EventView> page(
            @PathParam("run") String id, @QueryParam("limit") String limit, @QueryParam("cursor") String cursor) {
        RunRow run = reader.read(id);
        String list = "events/" + run.run();
        long after = Cursor.place(list, cursor, place -> Long.parseLong(place.get(0)))
                .orElse(0L);
        int most = Inputs.limit(limit, 100);
        List<StoredEvent> found = events.page(run.run(), after, run.sequence(), most);
        Optional<String> next = found.size() < most
                ? Optional.empty()
                : Optional.of(Cursor.of(
                        list, Long.toString(found.get(found.size() - 1).sequence())));
        return new Page<>(found.stream().map(EventView::of).toList(), next);
    }

    @GET
    @Path("stream")
    @Produces(MediaType.SERVER_SENT_EVENTS)
    @Blocking
    @Operation(
            summary = "Follow the events of a run",
            description = "The id of each is its number: Last-Event-ID goes on after it. Ends with the run.")
    public Multi<OutboundSseEvent> stream(
            @PathParam("run") String id, @HeaderParam("Last-Event-ID") String last, @Context Sse sse) {
        UUID run = reader.read(id).run();
        long after = Inputs.lastEventId(last, END);
        return follow.from(run, after, new Growing(run), StoredEvent::sequence).map(event -> sse.newEventBuilder()
                .id(Long.toString(event.sequence()))
                .name(event.type())
                .data(String.class, event.json())
                .build());
    }

    private final class Growing implements Follow.Growing<StoredEvent> {

        private final UUID run;

        Growing(UUID run) {
            this.run = run;
        }

        @Override
        public boolean grown(long number) {
            return reader.read(run).sequence() > number;
        }

        @Override
        public List<StoredEvent> after(long number) {
            return events.page(run, number, reader.read(run).sequence(), AT_ONCE);
        }

        @Override
        public boolean ended(long number) {
            RunRow row = reader.read(run);
            return row.state().ended() && number >= row.sequence();
        }
    }
}
