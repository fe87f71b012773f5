package dev.flujo.metrics.store;

import com.datastax.oss.driver.api.core.CqlSession;
import dev.flujo.kit.store.SchemaChange;
import java.util.List;

/** The tables of the keyspace {@code flujo_metrics}. Rows are never changed; the same fact again is the same row again. */
final class FactTables {

    static final String KEYSPACE = "flujo_metrics";

    /** Those that a rebuild empties. */
    static final List<String> FACTS = List.of("run_facts", "runs", "deploy_facts", "projects");

    private FactTables() {}

    static void create(CqlSession session, String replication) {
        try (SchemaChange schema = new SchemaChange(session, KEYSPACE, replication)) {
            create(schema);
        }
    }

    private static void create(SchemaChange schema) {
        // Everything about one run; a partition is one run's history.
        create(
                schema,
                "run_facts",
                "run uuid, sequence bigint, event_id text, body text, PRIMARY KEY ((run), sequence, event_id)");
        // Which runs a project began in a month.
        create(
                schema,
                "runs",
                "project text, month int, received_at timestamp, run uuid, pipeline text,"
                        + " PRIMARY KEY ((project, month), received_at, run)");
        // What happened to the environments of a project in a month.
        create(
                schema,
                "deploy_facts",
                "project text, month int, at timestamp, event_id text, body text,"
                        + " PRIMARY KEY ((project, month), at, event_id)");
        // One small partition: the projects that there are.
        create(schema, "projects", "shard int, project text, PRIMARY KEY ((shard), project)");
        // A rebuild that has begun and not ended; outlives the process that began it.
        create(schema, "rebuilds", "shard int, running boolean, PRIMARY KEY (shard)");
    }

    private static void create(SchemaChange schema, String table, String columns) {
        schema.table(table, "(" + columns + ")", "compaction = {'class': 'UnifiedCompactionStrategy'}");
    }
}
