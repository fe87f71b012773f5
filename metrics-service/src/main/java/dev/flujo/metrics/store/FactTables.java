package dev.flujo.metrics.store;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.SimpleStatement;
import java.time.Duration;
import java.util.List;

/** The tables of the keyspace {@code flujo_metrics}. Rows are never changed; the same fact again is the same row again. */
final class FactTables {

    static final String KEYSPACE = "flujo_metrics";

    /** Those that a rebuild empties. */
    static final List<String> FACTS = List.of("run_facts", "runs", "deploy_facts", "projects");

    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private FactTables() {}

    static void create(CqlSession session, String replication) {
        execute(session, "CREATE KEYSPACE IF NOT EXISTS " + KEYSPACE + " WITH replication = " + replication);
        // Everything about one run; a partition is one run's history.
        create(
                session,
                "run_facts",
                "run uuid, sequence bigint, event_id text, body text, PRIMARY KEY ((run), sequence, event_id)");
        // Which runs a project began in a month.
        create(
                session,
                "runs",
                "project text, month int, received_at timestamp, run uuid, pipeline text,"
                        + " PRIMARY KEY ((project, month), received_at, run)");
        // What happened to the environments of a project in a month.
        create(
                session,
                "deploy_facts",
                "project text, month int, at timestamp, event_id text, body text,"
                        + " PRIMARY KEY ((project, month), at, event_id)");
        // One small partition: the projects that there are.
        create(session, "projects", "shard int, project text, PRIMARY KEY ((shard), project)");
        // A rebuild that has begun and not ended; outlives the process that began it.
        create(session, "rebuilds", "shard int, running boolean, PRIMARY KEY (shard)");
    }

    private static void create(CqlSession session, String table, String columns) {
        execute(
                session,
                "CREATE TABLE IF NOT EXISTS " + KEYSPACE + "." + table + " (" + columns
                        + ") WITH compaction = {'class': 'UnifiedCompactionStrategy'}");
    }

    /** A change of the schema takes long where several services make theirs on a small machine. */
    private static void execute(CqlSession session, String change) {
        session.execute(SimpleStatement.newInstance(change).setTimeout(PATIENCE));
    }
}
