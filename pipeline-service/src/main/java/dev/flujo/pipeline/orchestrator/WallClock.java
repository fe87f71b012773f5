package dev.flujo.pipeline.orchestrator;

import java.time.Duration;

/** The clock that somebody may set, seen from the time that Kafka Streams goes by. */
interface WallClock {

    /** It may be set by less without anybody being told: timers go by the second. */
    Duration LEAST = Duration.ofSeconds(1);

    /** How far it was set forward since the process began; negative if it was set back. */
    Duration ahead();

    /** The life of the process; of another one nobody knows how its clock and this one differ. */
    String life();

    /** How far the clock was set when a task last moved its timers along; kept with them. */
    record Note(String life, Duration ahead) {}
}
