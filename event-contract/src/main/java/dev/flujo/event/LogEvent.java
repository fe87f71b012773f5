package dev.flujo.event;

import java.time.Instant;
import java.util.Objects;

/** What the steps of an attempt print. */
public sealed interface LogEvent extends Event {

    String project();

    Attempt attempt();

    @Override
    default String subject() {
        return attempt().id();
    }

    /**
     * Whole lines of one step. Chunks of an attempt are numbered from 0 without a gap, lines from 1 through all steps of
     * the attempt; {@code text} holds {@code lines} lines joined by line feeds, without a last one.
     */
    record LogAppended(
            String project, Attempt attempt, int step, int chunk, long firstLine, int lines, Instant at, String text)
            implements LogEvent {

        public LogAppended {
            Objects.requireNonNull(project, "project");
            Objects.requireNonNull(attempt, "attempt");
            Objects.requireNonNull(at, "at");
            Objects.requireNonNull(text, "text");
        }
    }
}
