package dev.flujo.metrics;

/** The phases of the way to market. Every moment from commit to end belongs to exactly one. */
public enum Phase {
    COMMIT_TO_TRIGGER("commitToTrigger", "From the commit's time to when Flujo received what started the run."),
    QUEUE(
            "queue",
            "No attempt runs, and the run has not queued its first job yet, or an attempt waits for a slot of its pool."),
    BUILD("build", "An attempt runs (checkout and steps), and neither a test nor a deployment does."),
    TEST("test", "A test step runs, and no deployment does."),
    WAIT("wait", "No attempt runs and none waits for a slot: the run waits for a lock, or between attempts."),
    DEPLOY("deploy", "An attempt of a deploy job runs.");

    private final String label;
    private final String definition;

    Phase(String label, String definition) {
        this.label = label;
        this.definition = definition;
    }

    /** The name in answers and on metrics. */
    public String label() {
        return label;
    }

    public String definition() {
        return definition;
    }
}
