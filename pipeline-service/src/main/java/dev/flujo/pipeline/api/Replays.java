package dev.flujo.pipeline.api;

import dev.flujo.event.Decoded;
import dev.flujo.event.Topic;
import dev.flujo.kit.event.EventPublisher;
import dev.flujo.kit.problem.Problem;
import dev.flujo.pipeline.messaging.DeadLetters.Letter;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.EnumSet;
import java.util.Set;

/** Puts dead letters on their topics again. */
@ApplicationScoped
public class Replays {

    /** What only the orchestrator writes has its place in an order, and would be wrong at a later one. */
    private static final Set<Topic> ITS_OWN =
            EnumSet.of(Topic.RUNS, Topic.ASSIGNMENTS, Topic.POOL_REQUESTS, Topic.POOL_FACTS, Topic.QUEUES);

    private final EventPublisher publisher;
    private final Commands commands;

    Replays(EventPublisher publisher, Commands commands) {
        this.publisher = publisher;
        this.commands = commands;
    }

    static boolean mayRepeat(Topic topic) {
        return !ITS_OWN.contains(topic);
    }

    /**
     * Puts the letter on its topic again, with the id that it had: whoever has handled it already does nothing.
     *
     * @throws Problem (409) if nobody could read it today either, or its topic is the orchestrator's own
     */
    void replay(Letter letter) {
        if (!mayRepeat(letter.topic())) {
            throw new Problem(
                    ApiProblem.DEAD_LETTER_STAYS,
                    "Expected a topic that others write too, but "
                            + letter.topic().topicName()
                            + " is the orchestrator's own, whose records have their place in an order; what the history"
                            + " lacks of it comes back by a new generation of the history");
        }
        if (!(letter.now() instanceof Decoded.Known known)) {
            throw new Problem(
                    ApiProblem.DEAD_LETTER_STAYS,
                    "Expected a record that can be read today, but it is " + DeadLetterView.now(letter.now())
                            + "; correct what writes it, and have it write the event again");
        }
        commands.record("dead-letter.replay", letter.topic().topicName() + "/" + letter.offset());
        publisher.publishAndAwait(letter.topic(), known.envelope());
    }
}
