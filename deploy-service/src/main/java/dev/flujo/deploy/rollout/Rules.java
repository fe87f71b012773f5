package dev.flujo.deploy.rollout;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What holds for every deployment to an environment, whichever pipeline it comes from.
 *
 * @param approval whether each waits for a person (continuous delivery) or goes out by itself (continuous deployment)
 * @param after the environment in which the same release must have served before
 * @param freezes times in which nothing goes out by itself
 * @param heal whether what somebody else has changed is applied again as it was
 */
public record Rules(boolean approval, Optional<String> after, List<Freeze> freezes, boolean heal) {

    /** Everything goes out by itself. */
    public static final Rules NONE = new Rules(false, Optional.empty(), List.of(), false);

    public Rules {
        after = after == null ? Optional.empty() : after;
        freezes = freezes == null ? List.of() : List.copyOf(freezes);
    }

    /** What a person is asked now before anything begins; nothing where it goes out by itself. */
    Optional<String> question(Instant now) {
        String question = Stream.concat(
                        freezes.stream().filter(freeze -> freeze.holds(now)).map(Freeze::sentence),
                        approval ? Stream.of("the environment wants an approval") : Stream.empty())
                .collect(Collectors.joining(", and "));
        return question.isEmpty() ? Optional.empty() : Optional.of(question);
    }
}
