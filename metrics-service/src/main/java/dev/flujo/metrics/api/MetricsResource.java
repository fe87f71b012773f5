package dev.flujo.metrics.api;

import dev.flujo.event.Envelope;
import dev.flujo.event.EventCodec;
import dev.flujo.kit.problem.CommonProblem;
import dev.flujo.kit.problem.Problem;
import dev.flujo.metrics.Dora;
import dev.flujo.metrics.DoraKey;
import dev.flujo.metrics.Facts;
import dev.flujo.metrics.MetricsConfig;
import dev.flujo.metrics.Numbers;
import dev.flujo.metrics.RunHistory;
import dev.flujo.metrics.Window;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;

/** The numbers and the events behind them. */
@Path("/api/v1/metrics")
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed("read")
public class MetricsResource {

    private static final List<String> OF_PIPELINES = List.of("project", "pipeline", "days", "until");
    private static final List<String> OF_PLACES = List.of("project", "pipeline", "environment", "days", "until");
    private static final List<String> OF_KEYS = List.of("project", "pipeline", "environment", "days", "until", "key");

    private final Numbers numbers;
    private final Facts facts;
    private final EventCodec codec;
    private final MetricsConfig config;
    private final Clock clock;

    MetricsResource(Numbers numbers, Facts facts, EventCodec codec, MetricsConfig config, Clock clock) {
        this.numbers = numbers;
        this.facts = facts;
        this.codec = codec;
        this.config = config;
        this.clock = clock;
    }

    @GET
    @Path("dora")
    @Operation(summary = "DORA's five keys per pipeline and environment")
    @Parameter(name = "project", required = true)
    @Parameter(name = "pipeline")
    @Parameter(name = "environment")
    @Parameter(name = "days", description = "days of the window, its last included")
    @Parameter(name = "until", description = "last day of the window, in UTC; today where it is missing")
    public DoraView dora(@Context UriInfo uri) {
        Parameters given = Parameters.of(uri, OF_PLACES);
        Window window = window(given);
        return DoraView.of(given.required("project"), WindowView.of(window), facts.rebuilding(), places(given, window));
    }

    @GET
    @Path("dora/events")
    @Operation(summary = "The events behind one of DORA's keys")
    @Parameter(name = "project", required = true)
    @Parameter(name = "pipeline", required = true)
    @Parameter(name = "environment", required = true)
    @Parameter(name = "key", required = true)
    @Parameter(name = "days")
    @Parameter(name = "until")
    public EventsView events(@Context UriInfo uri) {
        Parameters given = Parameters.of(uri, OF_KEYS);
        Window window = window(given);
        given.required("pipeline");
        given.required("environment");
        DoraKey key = key(given.required("key"));
        Set<String> ids = places(given, window).get(0).measure(key).events();
        return view(numbers.deployEvents(given.required("project"), window).stream()
                .filter(envelope -> ids.contains(envelope.id()))
                .toList());
    }

    @GET
    @Path("time-to-market")
    @Operation(summary = "From commit to serving, cut into phases, per pipeline")
    @Parameter(name = "project", required = true)
    @Parameter(name = "pipeline")
    @Parameter(name = "days")
    @Parameter(name = "until")
    public TimeToMarketView timeToMarket(@Context UriInfo uri) {
        Parameters given = Parameters.of(uri, OF_PIPELINES);
        Window window = window(given);
        String project = given.required("project");
        return TimeToMarketView.of(
                project,
                WindowView.of(window),
                facts.rebuilding(),
                numbers.timeToMarket(project, given.optional("pipeline"), window));
    }

    @GET
    @Path("runs/{run}")
    @Operation(summary = "The phases of one run")
    public RunMetricsView run(@PathParam("run") String run, @Context UriInfo uri) {
        Parameters.of(uri, List.of());
        UUID id = Parameters.run(run);
        List<Envelope> events = facts.run(id);
        return RunHistory.of(events, numbers.rules())
                .map(timeline -> RunMetricsView.of(
                        timeline, events.stream().map(Envelope::id).toList()))
                .orElseThrow(() -> unknown(id));
    }

    @GET
    @Path("runs/{run}/events")
    @Operation(summary = "The events that the phases of one run follow from")
    public EventsView runEvents(@PathParam("run") String run, @Context UriInfo uri) {
        Parameters.of(uri, List.of());
        UUID id = Parameters.run(run);
        List<Envelope> events = facts.run(id);
        if (events.isEmpty()) {
            throw unknown(id);
        }
        return view(events);
    }

    private List<Dora> places(Parameters given, Window window) {
        return numbers.dora(
                given.required("project"), given.optional("pipeline"), given.optional("environment"), window);
    }

    private Window window(Parameters given) {
        LocalDate today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
        return Window.ending(
                given.date("until", today), given.number("days", config.defaultDays(), 1, config.mostDays()));
    }

    private EventsView view(List<Envelope> events) {
        return new EventsView(events.stream()
                .sorted(Comparator.comparing(Envelope::sequence)
                        .thenComparing(Envelope::time)
                        .thenComparing(Envelope::id))
                .map(envelope -> EventView.of(envelope, codec.toJson(envelope)))
                .toList());
    }

    private static DoraKey key(String label) {
        return DoraKey.named(label)
                .orElseThrow(() -> Parameters.refused(
                        "one of "
                                + Arrays.stream(DoraKey.values())
                                        .map(DoraKey::label)
                                        .collect(Collectors.joining(", "))
                                + " as 'key'",
                        "found another word"));
    }

    private static Problem unknown(UUID run) {
        return new Problem(
                CommonProblem.NOT_FOUND,
                "Expected the id of a run, but no event of run " + run + " has arrived here; if it is new, ask again");
    }
}
