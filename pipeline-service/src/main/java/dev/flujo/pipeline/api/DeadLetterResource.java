package dev.flujo.pipeline.api;

import dev.flujo.event.Topic;
import dev.flujo.kit.page.Cursor;
import dev.flujo.kit.page.Page;
import dev.flujo.kit.problem.CommonProblem;
import dev.flujo.kit.problem.Problem;
import dev.flujo.pipeline.messaging.DeadLetters;
import dev.flujo.pipeline.messaging.DeadLetters.Letter;
import dev.flujo.pipeline.token.Scope;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** The records that could not be read or handled: listed, explained and put back. */
@Path("/api/v1/dead-letters")
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed(Scope.ADMIN)
@Tag(name = "dead letters")
public class DeadLetterResource {

    private static final int USUAL = 20;

    private final DeadLetters letters;
    private final Replays replays;

    DeadLetterResource(DeadLetters letters, Replays replays) {
        this.letters = letters;
        this.replays = replays;
    }

    /**
     * A topic with dead letters.
     *
     * @param about how many there are, and marks of transactions among them
     */
    public record TopicView(String topic, long about) {}

    /** The topics that have dead letters. */
    public record TopicsView(List<TopicView> items) {}

    @GET
    @Operation(summary = "The topics that have dead letters")
    public TopicsView topics() {
        return new TopicsView(letters.places().entrySet().stream()
                .map(entry -> new TopicView(entry.getKey().topicName(), entry.getValue()))
                .toList());
    }

    @GET
    @Path("/{topic}")
    @Operation(
            summary = "The dead letters of a topic, the newest first",
            description = "Each with the reason why it could not be read or handled, and what reading it says today.")
    public Page<DeadLetterView> list(
            @PathParam("topic") String name, @QueryParam("limit") String limit, @QueryParam("cursor") String cursor) {
        Topic topic = topic(name);
        int most = Inputs.limit(limit, USUAL);
        long before = Cursor.place("dead-letters/" + name, cursor, place -> Long.parseLong(place.get(0)))
                .orElse(Long.MAX_VALUE);
        List<Letter> found = letters.before(topic, before, most);
        Optional<String> next = found.size() < most
                ? Optional.empty()
                : Optional.of(Cursor.of(
                        "dead-letters/" + name,
                        Long.toString(found.get(found.size() - 1).offset())));
        return new Page<>(found.stream().map(DeadLetterView::of).toList(), next);
    }

    @GET
    @Path("/{topic}/{number}")
    @Operation(summary = "A dead letter")
    public DeadLetterView read(@PathParam("topic") String name, @PathParam("number") String number) {
        return DeadLetterView.of(letter(name, number));
    }

    @POST
    @Path("/{topic}/{number}/replay")
    @Operation(
            summary = "Put a dead letter on its topic again",
            description =
                    "With the id that it had, so that whoever has handled it does nothing. Answers 202 once it is there; 409"
                            + " if it cannot be read today either.")
    public Response replay(@PathParam("topic") String name, @PathParam("number") String number) {
        Letter letter = letter(name, number);
        replays.replay(letter);
        return Response.accepted(DeadLetterView.of(letter)).build();
    }

    private Letter letter(String name, String number) {
        Topic topic = topic(name);
        long place = Inputs.number("number", number, 0, Long.MAX_VALUE - 1);
        return letters.find(topic, place)
                .orElseThrow(() -> new Problem(
                        CommonProblem.NOT_FOUND,
                        "Expected a dead letter of " + name + " with the number " + place + ", but there is none; GET"
                                + " /api/v1/dead-letters/" + name + " lists them"));
    }

    private static Topic topic(String name) {
        return Topic.named(name)
                .orElseThrow(() -> new Problem(
                        CommonProblem.NOT_FOUND,
                        "Expected a topic of Flujo, such as flujo.builds, but there is none with the name '"
                                + Inputs.shown(name) + "'"));
    }
}
