package dev.flujo.event;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/** Who did what, from where, with what result. */
public sealed interface AuditEvent extends Event {

    /** One action of a principal, allowed or refused. */
    record ActionRecorded(
            Optional<String> project,
            String by,
            String action,
            String target,
            String result,
            Optional<String> detail,
            Optional<String> address,
            Instant at)
            implements AuditEvent {

        public ActionRecorded {
            Objects.requireNonNull(by, "by");
            Objects.requireNonNull(action, "action");
            Objects.requireNonNull(target, "target");
            Objects.requireNonNull(result, "result");
            Objects.requireNonNull(at, "at");
            project = project == null ? Optional.empty() : project;
            detail = detail == null ? Optional.empty() : detail;
            address = address == null ? Optional.empty() : address;
        }

        @Override
        public String subject() {
            return target;
        }
    }
}
