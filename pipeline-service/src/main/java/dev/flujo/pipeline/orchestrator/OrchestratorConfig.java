package dev.flujo.pipeline.orchestrator;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;

/** How the orchestrator runs. */
@ConfigMapping(prefix = "flujo.orchestrator")
interface OrchestratorConfig {

    /** Where the state stores lie; on a real volume they spare a restart the replay of the changelog. */
    @WithDefault(".flujo/orchestrator")
    Path stateDirectory();

    /** How many threads share the partitions of this replica. */
    @WithDefault("2")
    int threads();

    /** How many other replicas keep a copy of each store, ready to take over. */
    @WithDefault("0")
    int standbyReplicas();

    /** The copies of internal topics; 3 with three brokers. */
    @WithDefault("1")
    int replicationFactor();

    /** How many events of commits this replica takes up in a second: more of them wait, and nobody who asks for something. */
    @WithDefault("500")
    int commitsPerSecond();

    /** How long a transaction gathers what nobody waits for, in milliseconds; what somebody waits for commits at once. */
    @WithDefault("50")
    int commitIntervalMillis();
}
