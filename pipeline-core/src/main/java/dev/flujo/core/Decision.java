package dev.flujo.core;

import dev.flujo.event.Event;
import java.util.List;

/** The verdict on a command: events that are facts from now on, or a refusal with its reason. */
public sealed interface Decision {

    /** These events happen, in this order; none means that what was asked is already true. */
    record Accepted(List<Event> events) implements Decision {

        public Accepted {
            events = List.copyOf(events);
        }
    }

    /** Nothing happens, for this reason. */
    record Rejected(Reason reason, String detail) implements Decision {}

    /** Why a command is refused. */
    enum Reason {
        /** The run has ended and never changes again. */
        RUN_FINISHED,
        /** There is no such run. */
        RUN_UNKNOWN,
        /** The run has no such job. */
        JOB_UNKNOWN,
        /** The report comes from an attempt that is not the newest. */
        STALE_ATTEMPT,
        /** The report does not fit what is known of the attempt. */
        OUT_OF_ORDER,
        /** The job does not wait for what was said. */
        NOT_WAITING,
        /** Something newer is where the job is to work. */
        OUTDATED,
        /** It is not for this person to say. */
        NOT_ALLOWED,
        /** The run waits for a person to look at it. */
        QUARANTINED,
        /** The run does not wait for anybody's approval. */
        NOT_HELD,
        /** The approval is for another commit than the run works on. */
        OTHER_COMMIT
    }

    static Decision accepted(Event... events) {
        return new Accepted(List.of(events));
    }

    static Decision rejected(Reason reason, String detail) {
        return new Rejected(reason, detail);
    }
}
