package dev.flujo.core.trigger;

import java.util.List;
import java.util.Optional;

/** What would become of one job, or one cell of its matrix, and why. */
public record JobForecast(String id, Optional<String> name, List<String> needs, Verdict verdict, String reason) {

    /** What would become of it. */
    public enum Verdict {
        RUNS,
        SKIPPED,
        /** That follows from what happens in the run. */
        DEPENDS,
        /** Something that it says has no value. */
        FAILS
    }

    public JobForecast {
        needs = List.copyOf(needs);
    }
}
