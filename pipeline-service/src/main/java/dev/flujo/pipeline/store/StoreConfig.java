package dev.flujo.pipeline.store;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How the history is kept. Read when the tables are created; tables that are there stay as they are. */
@ConfigMapping(prefix = "flujo.history")
interface StoreConfig {

    /** The replication of the keyspace, in CQL. */
    @WithDefault("{'class': 'SimpleStrategy', 'replication_factor': 1}")
    String replication();

    /** Which reading of the topics the history is: another name has everything that they still have read again. */
    @WithDefault("1")
    String generation();

    /** How long log lines are kept. */
    @WithDefault("30d")
    Duration logRetention();
}
