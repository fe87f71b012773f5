package dev.flujo.core.run;

import dev.flujo.core.Decision;
import dev.flujo.core.Decision.Reason;
import dev.flujo.event.RunEvent.RunApproved;
import java.util.Optional;

/** The verdict on what somebody says of a run that is held. */
final class HoldDecider {

    private final Draft draft;

    HoldDecider(Draft draft) {
        this.draft = draft;
    }

    /** The same approval again changes nothing. */
    Decision approve(RunCommand.Approve approve) {
        return refusal(approve.commit()).orElseGet(() -> {
            Run current = draft.run();
            if (current.held()) {
                draft.emit(new RunApproved(
                        current.project(), current.id(), current.pipeline(), approve.commit(), approve.by()));
            }
            return new Settling(draft).settle();
        });
    }

    /** What a word on this commit is answered with if the run was never held, has ended, or is of another commit. */
    Optional<Decision> refusal(String commit) {
        Run current = draft.run();
        if (current.ended()) {
            return Optional.of(Decision.rejected(
                    Reason.RUN_FINISHED,
                    "Expected a run that waits for approval, but run " + draft.id() + " has "
                            + current.outcome().orElseThrow()));
        }
        if (current.trust() == Run.Trust.TRUSTED) {
            return Optional.of(Decision.rejected(
                    Reason.NOT_HELD,
                    "Expected a run that waits for approval, but run " + draft.id() + " never needed any"));
        }
        String own = current.revision().commit().orElse("");
        return own.equals(commit)
                ? Optional.empty()
                : Optional.of(Decision.rejected(
                        Reason.OTHER_COMMIT,
                        "Expected a word on commit " + own + ", which run " + draft.id() + " works on, but it is on "
                                + commit + "; look at the run that works on that one"));
    }
}
