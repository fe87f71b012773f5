package dev.flujo.deploy.rollout;

import java.time.Instant;
import java.util.Optional;

/**
 * How far a rollout has come.
 *
 * @param stage the number of its stage, from 0; as many as there are once all are behind it
 * @param since when that stage began
 * @param entered since when the stage's shares of the traffic are in force
 * @param answered what the analyses have said there
 * @param question what a person is asked there
 * @param back why and since when it goes back, if it does; then it never goes on
 * @param promoted since when the new version serves
 */
record Progress(
        int stage,
        Instant since,
        Optional<Instant> entered,
        Answered answered,
        Optional<String> question,
        Optional<GoneBack> back,
        Optional<Instant> promoted) {

    /** Why and when a rollout was given up. */
    record GoneBack(String reason, Instant at) {}

    Progress {
        answered = answered == null ? Answered.NOTHING : answered;
        entered = entered == null ? Optional.empty() : entered;
        question = question == null ? Optional.empty() : question;
        back = back == null ? Optional.empty() : back;
        promoted = promoted == null ? Optional.empty() : promoted;
    }

    static Progress beginning(Instant now) {
        return new Progress(
                0, now, Optional.empty(), Answered.NOTHING, Optional.empty(), Optional.empty(), Optional.empty());
    }

    Progress enters(Instant now, Answered before) {
        return new Progress(stage, since, Optional.of(now), before, question, back, promoted);
    }

    Progress hears(Answered more) {
        return new Progress(stage, since, entered, more, question, back, promoted);
    }

    Progress asks(String what) {
        return new Progress(stage, since, entered, answered, Optional.of(what), back, promoted);
    }

    Progress passes(Instant now) {
        return new Progress(stage + 1, now, Optional.empty(), Answered.NOTHING, Optional.empty(), back, promoted);
    }

    Progress goesBack(String reason, Instant now) {
        return new Progress(
                stage, since, entered, answered, Optional.empty(), Optional.of(new GoneBack(reason, now)), promoted);
    }

    Progress promotes(Instant now) {
        return new Progress(stage, since, entered, answered, question, back, Optional.of(now));
    }
}
