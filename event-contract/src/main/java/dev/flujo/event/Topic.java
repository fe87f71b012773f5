package dev.flujo.event;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Every topic of Flujo: its name, what its key is, its partition count, and how long it keeps records. Counts are final
 * once a topic is there: another count would move keys to other partitions.
 */
public enum Topic {
    COMMITS("flujo.commits", Key.PROJECT, Duration.ofDays(14)),
    COMMANDS("flujo.commands", Key.PROJECT, Duration.ofDays(14)),
    /** Compacted. Keyed by pipeline, but placed in the partition of the project. */
    PIPELINES("flujo.pipelines", Key.PIPELINE, Duration.ofMillis(-1)),
    RUNS("flujo.runs", Key.PROJECT, Duration.ofDays(90)),
    ASSIGNMENTS("flujo.assignments", Key.RUNNER, Duration.ofDays(1)),
    RUNNERS("flujo.runners", Key.POOL, Duration.ofDays(1)),
    BUILDS("flujo.builds", Key.PROJECT, Duration.ofDays(14)),
    /** What reports of jobs say: tests, coverage, findings, components. */
    TESTS("flujo.tests", Key.PROJECT, Duration.ofDays(90)),
    DEPLOYS("flujo.deploys", Key.PROJECT, Duration.ofDays(90)),
    LOGS("flujo.logs", Key.ATTEMPT, Duration.ofDays(7)),
    AUDIT("flujo.audit", Key.ANY, Duration.ofDays(90)),
    /** Compacted. What the queues of pools and locks look like. */
    QUEUES("flujo.queues", Key.ANY, Duration.ofMillis(-1)),
    /** Inside the orchestrator: runs ask pools. */
    POOL_REQUESTS("flujo.pool-requests", Key.POOL, Duration.ofDays(1)),
    /** Inside the orchestrator: pools answer runs. */
    POOL_FACTS("flujo.pool-facts", Key.PROJECT, Duration.ofDays(1));

    /** What a topic's records are ordered by. */
    public enum Key {
        PROJECT,
        PIPELINE,
        RUNNER,
        POOL,
        ATTEMPT,
        ANY
    }

    /** The largest record that a topic takes, in bytes; what is larger travels by reference. */
    public static final int MOST_BYTES = 1024 * 1024;

    /** How many partitions the projects spread over, unless the topics are created for more or fewer. */
    public static final int PROJECT_PARTITIONS = 12;

    private final String topicName;
    private final Key key;
    private final Duration retention;

    Topic(String topicName, Key key, Duration retention) {
        this.topicName = topicName;
        this.key = key;
        this.retention = retention;
    }

    public String topicName() {
        return topicName;
    }

    /** Where records of this topic go that could not be read, with the reason. */
    public String deadLetterName() {
        return topicName + ".dead-letter";
    }

    /** The topic's partition count where projects spread over so many: what is ordered by runner or pool gets half. */
    public int partitions(int projectPartitions) {
        return switch (key) {
            case PROJECT, PIPELINE, ATTEMPT -> projectPartitions;
            case RUNNER, POOL, ANY -> Math.max(1, projectPartitions / 2);
        };
    }

    /** What to create the topic with, besides partitions and replication. */
    public Map<String, String> configs() {
        Map<String, String> configs = new TreeMap<>();
        boolean compact = this == PIPELINES || this == QUEUES;
        configs.put("cleanup.policy", compact ? "compact" : "delete");
        configs.put("max.message.bytes", Integer.toString(MOST_BYTES + 64 * 1024));
        if (!compact) {
            configs.put("retention.ms", Long.toString(retention.toMillis()));
        }
        return configs;
    }

    public static Optional<Topic> named(String topicName) {
        for (Topic topic : values()) {
            if (topic.topicName.equals(topicName)) {
                return Optional.of(topic);
            }
        }
        return Optional.empty();
    }

    /**
     * The key of an event on this topic.
     *
     * @throws IllegalArgumentException if events of this kind have no place on this topic
     */
    public String keyOf(Event event) {
        Optional<String> value = keyIn(event);
        return value.orElseThrow(() -> new IllegalArgumentException("Expected an event with a "
                + key.name().toLowerCase(java.util.Locale.ROOT) + " on " + topicName + ", but it is "
                + EventTypes.nameOf(event)));
    }

    /** The key that an event must have here; none where the event does not say (another tool's event). */
    Optional<String> keyIn(Event event) {
        return switch (key) {
            case PROJECT -> projectOf(event);
            case PIPELINE -> event instanceof PipelineEvent e ? Optional.of(e.subject()) : Optional.empty();
            case RUNNER -> event instanceof AssignmentEvent e ? Optional.of(e.runner()) : Optional.empty();
            case POOL -> poolOf(event);
            case ATTEMPT ->
                event instanceof LogEvent e ? Optional.of(e.attempt().id()) : Optional.empty();
            case ANY -> Optional.of(event.subject());
        };
    }

    private static Optional<String> poolOf(Event event) {
        if (event instanceof PoolEvent e) return Optional.of(e.pool());
        if (event instanceof RunnerEvent e) return Optional.of(e.pool());
        return Optional.empty();
    }

    /** The project that an event belongs to; none where it belongs to a pool or a runner, or does not say. */
    public static Optional<String> projectOf(Event event) {
        if (event instanceof CommitEvent e) return Optional.of(e.project());
        if (event instanceof CommandEvent e) return Optional.of(e.project());
        if (event instanceof PipelineEvent e) return Optional.of(e.project());
        if (event instanceof SignalEvent e) return Optional.of(e.project());
        if (event instanceof RunEvent e) return Optional.of(e.project());
        if (event instanceof JobEvent e) return Optional.of(e.project());
        if (event instanceof LockEvent e) return Optional.of(e.project());
        if (event instanceof TestEvent e) return Optional.of(e.project());
        if (event instanceof ReportEvent e) return Optional.of(e.project());
        if (event instanceof DeployEvent e) return Optional.of(e.project());
        if (event instanceof AnalysisEvent e) return Optional.of(e.project());
        if (event instanceof DriftEvent.DriftDetected e) return Optional.of(e.project());
        if (event instanceof ConfigEvent.ConfigGiven e) return Optional.of(e.project());
        if (event instanceof LogEvent e) return Optional.of(e.project());
        if (event instanceof AuditEvent.ActionRecorded e) return e.project();
        return Optional.empty();
    }
}
