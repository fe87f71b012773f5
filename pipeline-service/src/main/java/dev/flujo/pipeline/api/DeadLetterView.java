package dev.flujo.pipeline.api;

import dev.flujo.event.Decoded;
import dev.flujo.pipeline.messaging.DeadLetters.Letter;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * A record that could not be read or handled.
 *
 * @param topic the topic that it was on
 * @param number its number among the dead letters of that topic
 * @param reason why it could not be read or handled
 * @param replayable whether it can be put on its topic again: it can be read today
 * @param now what reading it says today
 * @param body the beginning of it, as text
 */
public record DeadLetterView(
        String topic,
        long number,
        Instant at,
        Optional<String> key,
        String reason,
        boolean replayable,
        String now,
        Map<String, String> headers,
        int bytes,
        String body) {

    static DeadLetterView of(Letter letter) {
        return new DeadLetterView(
                letter.topic().topicName(),
                letter.offset(),
                letter.at(),
                letter.key(),
                letter.reason(),
                letter.now() instanceof Decoded.Known && Replays.mayRepeat(letter.topic()),
                now(letter.now()),
                letter.headers(),
                letter.bytes(),
                letter.body());
    }

    static String now(Decoded decoded) {
        if (decoded instanceof Decoded.Known known)
            return "a readable " + known.envelope().type();
        if (decoded instanceof Decoded.Unknown unknown) return "an event of the unknown type " + unknown.type();
        if (decoded instanceof Decoded.Malformed malformed) return malformed.reason();
        throw new AssertionError("unhandled " + decoded);
    }
}
