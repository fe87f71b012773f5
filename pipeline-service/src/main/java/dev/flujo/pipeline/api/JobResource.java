package dev.flujo.pipeline.api;

import dev.flujo.event.Attempt;
import dev.flujo.kit.page.Cursor;
import dev.flujo.kit.page.Page;
import dev.flujo.pipeline.store.TestCases;
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

/** The jobs of a run: how they went, what they printed, how their tests ended. */
@Path("/api/v1/runs/{run}/jobs")
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed(Scope.READ)
@Tag(name = "jobs")
public class JobResource {

    private static final int MOST_LINES = 5_000;
    private static final int AT_ONCE = 1_000;
    private static final long MOST = 999_999_999_999_999L;

    private final RunReader reader;
    private final Jobs jobs;
    private final LogLines lines;
    private final TestCases tests;
    private final Follow follow;

    JobResource(RunReader reader, Jobs jobs, LogLines lines, TestCases tests, Follow follow) {
        this.reader = reader;
        this.jobs = jobs;
        this.lines = lines;
        this.tests = tests;
        this.follow = follow;
    }

    @GET
    @Operation(summary = "The jobs of a run, in the order of its plan")
    public Page<JobView> all(@PathParam("run") String run) {
        return new Page<>(jobs.of(reader.read(run).run()), Optional.empty());
    }

    @GET
    @Path("{job}")
    @Operation(summary = "One job with its attempts and steps")
    public JobView one(@PathParam("run") String run, @PathParam("job") String job) {
        return jobs.one(reader.read(run).run(), job);
    }

    @GET
    @Path("{job}/log")
    @Operation(
            summary = "Lines of a job's log",
            description =
                    "'from' is the number of the first line, from 1; without 'attempt' the newest one counts. With"
                            + " 'contains' only lines with that text, whatever the case of its letters; of a long log some hundred"
                            + " thousand lines are looked at for a page, and 'next' leads on.")
    public Page<LogView> log(
            @PathParam("run") String run,
            @PathParam("job") String job,
            @QueryParam("attempt") String number,
            @QueryParam("from") String from,
            @QueryParam("limit") String limit,
            @QueryParam("contains") String text) {
        Attempt attempt = attempt(run, job, number);
        long first = from == null ? 1 : Inputs.number("from", from, 1, MOST);
        int most = limit == null ? AT_ONCE : (int) Inputs.number("limit", limit, 1, MOST_LINES);
        return text == null
                ? lines.page(attempt, first, most)
                : lines.search(attempt, first, most, Inputs.searched(text));
    }

    @GET
    @Path("{job}/log/stream")
    @Produces(MediaType.SERVER_SENT_EVENTS)
    @Blocking
    @Operation(
            summary = "Follow a job's log",
            description = "The id of each line is its number: Last-Event-ID goes on after it. A missing line is told"
                    + " by an event named gap. Ends with the attempt.")
    public Multi<OutboundSseEvent> stream(
            @PathParam("run") String run,
            @PathParam("job") String job,
            @QueryParam("attempt") String number,
            @HeaderParam("Last-Event-ID") String last,
            @Context Sse sse) {
        Attempt attempt = attempt(run, job, number);
        long after = Inputs.lastEventId(last, MOST);
        long[] told = {after};
        return follow.from(attempt, after, lines.growing(attempt), LogView::line)
                .onItem()
                .transformToMultiAndConcatenate(line -> {
                    boolean gap = line.line() > told[0] + 1;
                    OutboundSseEvent event = event(sse, "line", line.line(), line.text());
                    Multi<OutboundSseEvent> events = gap
                            ? Multi.createFrom()
                                    .items(
                                            event(
                                                    sse,
                                                    "gap",
                                                    line.line() - 1,
                                                    "lines " + (told[0] + 1) + " to " + (line.line() - 1)
                                                            + " are missing"),
                                            event)
                            : Multi.createFrom().item(event);
                    told[0] = line.line();
                    return events;
                });
    }

    @GET
    @Path("{job}/tests")
    @Operation(summary = "The test cases of a job, by suite and name")
    public Page<TestCases.Case> tests(
            @PathParam("run") String run,
            @PathParam("job") String job,
            @QueryParam("attempt") String number,
            @QueryParam("limit") String limit,
            @QueryParam("cursor") String cursor) {
        Attempt attempt = attempt(run, job, number);
        String list = "tests/" + attempt.id();
        List<String> place = Cursor.place(list, cursor, parts -> List.of(parts.get(0), parts.get(1)))
                .orElse(List.of("", ""));
        int most = Inputs.limit(limit, 100);
        List<TestCases.Case> cases = tests.page(attempt, place.get(0), place.get(1), most);
        Optional<String> next = cases.size() < most
                ? Optional.empty()
                : Optional.of(Cursor.of(
                        list,
                        cases.get(cases.size() - 1).suite(),
                        cases.get(cases.size() - 1).name()));
        return new Page<>(cases, next);
    }

    private Attempt attempt(String run, String job, String number) {
        UUID id = reader.read(run).run();
        JobView view = jobs.one(id, job);
        int newest = Math.max(1, view.attempts().size());
        return new Attempt(id, job, number == null ? newest : (int) Inputs.number("attempt", number, 1, 1000));
    }

    private static OutboundSseEvent event(Sse sse, String name, long id, String text) {
        return sse.newEventBuilder()
                .id(Long.toString(id))
                .name(name)
                .data(String.class, text)
                .build();
    }
}
