package dev.flujo.event;

/** How a step, job or run ended, from best to worst. FAILED blames the user's build, ERRORED blames the platform. */
public enum Outcome {
    /** Not executed because something it needs did not succeed. */
    SKIPPED,
    SUCCEEDED,
    CANCELLED,
    FAILED,
    ERRORED;

    /** The worse of two outcomes: the outcome of a whole is that of its worst part. */
    public Outcome worse(Outcome other) {
        return compareTo(other) >= 0 ? this : other;
    }

    /** The word CDEvents has for it. */
    public String cdEvents() {
        return switch (this) {
            case SUCCEEDED, SKIPPED -> "success";
            case CANCELLED -> "cancel";
            case FAILED -> "failure";
            case ERRORED -> "error";
        };
    }
}
