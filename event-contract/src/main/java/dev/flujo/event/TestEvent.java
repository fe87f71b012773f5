package dev.flujo.event;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/** Results of the user's tests, read from the report of a job. */
public sealed interface TestEvent extends Event {

    String project();

    Attempt attempt();

    String suite();

    /** A suite has ended, with these counts. CDEvents' {@code testsuiterun.finished}. */
    record SuiteFinished(
            String project,
            Attempt attempt,
            String suite,
            int passed,
            int failed,
            int skipped,
            long millis,
            Instant finishedAt)
            implements TestEvent {

        public SuiteFinished {
            Objects.requireNonNull(project, "project");
            Objects.requireNonNull(attempt, "attempt");
            Objects.requireNonNull(suite, "suite");
            Objects.requireNonNull(finishedAt, "finishedAt");
        }

        @Override
        public String subject() {
            return attempt.id() + "/" + suite;
        }
    }

    /** One test case has passed or failed. CDEvents' {@code testcaserun.finished}. */
    record CaseFinished(
            String project,
            Attempt attempt,
            String suite,
            String name,
            Outcome outcome,
            long millis,
            Optional<String> message)
            implements TestEvent {

        public CaseFinished {
            Objects.requireNonNull(project, "project");
            Objects.requireNonNull(attempt, "attempt");
            Objects.requireNonNull(suite, "suite");
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(outcome, "outcome");
            message = message == null ? Optional.empty() : message;
        }

        @Override
        public String subject() {
            return attempt.id() + "/" + suite + "/" + name;
        }
    }

    /** One test case was left out. CDEvents' {@code testcaserun.skipped}. */
    record CaseSkipped(String project, Attempt attempt, String suite, String name, Optional<String> message)
            implements TestEvent {

        public CaseSkipped {
            Objects.requireNonNull(project, "project");
            Objects.requireNonNull(attempt, "attempt");
            Objects.requireNonNull(suite, "suite");
            Objects.requireNonNull(name, "name");
            message = message == null ? Optional.empty() : message;
        }

        @Override
        public String subject() {
            return attempt.id() + "/" + suite + "/" + name;
        }
    }
}
