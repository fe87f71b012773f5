package dev.flujo.kit.event;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How the topics are created where they are missing; the same for all services of one Flujo. */
@ConfigMapping(prefix = "flujo.topics")
public interface TopicConfig {

    /** The copies of each topic; 3 with three brokers. */
    @WithDefault("1")
    short replication();

    /** How many partitions the projects spread over; final once the topics are there. */
    @WithDefault("12")
    int partitions();

    /** How long a starting service waits for Kafka. */
    @WithDefault("60s")
    Duration patience();
}
