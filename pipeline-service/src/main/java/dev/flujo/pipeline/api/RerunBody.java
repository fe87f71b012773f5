package dev.flujo.pipeline.api;

import dev.flujo.event.Ordered;
import java.util.Map;
import java.util.Optional;

/**
 * What of a run to do again: all of it, unless {@code failed} says only what did not succeed, or {@code from} names the job to
 * begin with. {@code inputs} change those of the old run. With {@code older} the new run may deploy over what is newer.
 */
public record RerunBody(
        Optional<Boolean> failed, Optional<String> from, Map<String, String> inputs, Optional<Boolean> older) {

    static final RerunBody ALL = new RerunBody(Optional.empty(), Optional.empty(), Map.of(), Optional.empty());

    /** Only what did not succeed. */
    static final RerunBody FAILED = new RerunBody(Optional.of(true), Optional.empty(), Map.of(), Optional.empty());

    public RerunBody {
        failed = failed == null ? Optional.empty() : failed;
        from = from == null ? Optional.empty() : from;
        inputs = Ordered.copy(inputs);
        older = older == null ? Optional.empty() : older;
    }
}
