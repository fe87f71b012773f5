package dev.flujo.pipeline.store;

import com.datastax.oss.driver.api.core.CqlSession;
import dev.flujo.kit.store.SchemaChange;

/** The tables of the keyspace {@code flujo_pipeline}: one for each question. The same event again is the same row again. */
final class Tables {

    static final String KEYSPACE = "flujo_pipeline";

    private static final String UNIFIED = "compaction = {'class': 'UnifiedCompactionStrategy'}";

    private Tables() {}

    static void create(CqlSession session, StoreConfig config) {
        try (SchemaChange schema = new SchemaChange(session, KEYSPACE, config.replication())) {
            create(schema, config);
        }
    }

    private static void create(SchemaChange schema, StoreConfig config) {
        createRuns(schema);
        createPipelines(schema);
        createLogs(schema, config.logRetention().toSeconds());
        // The cases and suites of one attempt.
        table(
                schema,
                "test_case (run uuid, job text, attempt int, suite text, name text, outcome text, millis bigint,"
                        + " message text, PRIMARY KEY ((run, job, attempt), suite, name))",
                UNIFIED);
        table(
                schema,
                "test_suite (run uuid, job text, attempt int, suite text, passed int, failed int, skipped int,"
                        + " millis bigint, PRIMARY KEY ((run, job, attempt), suite))",
                UNIFIED);
        // What other reports of a run's jobs say; the body is the event's own content.
        table(
                schema,
                "report (run uuid, job text, attempt int, kind text, path text, bytes bigint, sha256 text, body text,"
                        + " PRIMARY KEY ((run), job, attempt, kind, path))",
                UNIFIED);
        // Who vouches for the artifacts of a run's jobs: one DSSE envelope for each.
        table(
                schema,
                "provenance (run uuid, job text, attempt int, path text, envelope text,"
                        + " PRIMARY KEY ((run), job, attempt, path))",
                UNIFIED);
        // The newest commit of each pull request; written with the offset on the topic as the write time.
        table(
                schema,
                "request (project text, number bigint, commit text, fork boolean, received_at timestamp,"
                        + " PRIMARY KEY ((project, number)))",
                UNIFIED);
        // One small partition.
        table(
                schema,
                "api_token (shard int, id text, hash text, name text, scopes text, groups text,"
                        + " created_by text, created_at timestamp, expires_at timestamp, PRIMARY KEY ((shard), id))",
                UNIFIED);
        table(
                schema,
                "audit (day date, at timestamp, id text, project text, actor text, action text, target text, result text,"
                        + " detail text, address text, PRIMARY KEY ((day), at, id))"
                        + " WITH CLUSTERING ORDER BY (at DESC, id DESC)",
                UNIFIED);
    }

    private static void createRuns(SchemaChange schema) {
        // The whole log of a run; rows never change.
        table(
                schema,
                "run_event (run uuid, sequence bigint, id text, type text, at timestamp, body text,"
                        + " PRIMARY KEY ((run), sequence))",
                UNIFIED);
        // What a run is now. Written with its sequence as the write time, so the newest state wins in whatever order
        // writes arrive; nothing else may ever write or delete here.
        table(
                schema,
                "run (run uuid, sequence bigint, project text, pipeline text, version text, state text, reason text,"
                        + " cause_kind text, cause_by text, cause_id text, received_at timestamp, repository text,"
                        + " branch text, commit text, message text, author text, committed_at timestamp,"
                        + " queued_at timestamp, started_at timestamp, finished_at timestamp, chain uuid,"
                        + " PRIMARY KEY (run))",
                UNIFIED);
        // Which runs there are of a commit, also those that ended before they began.
        table(
                schema,
                "commit_run (project text, commit text, at timestamp, run uuid, PRIMARY KEY ((project, commit), at, run))"
                        + " WITH CLUSTERING ORDER BY (at DESC, run DESC)",
                UNIFIED);
        // Which runs were asked for when: of one project by day, of all ('*') by hour; and which days and hours there
        // are.
        table(
                schema,
                "run_index (scope text, bucket bigint, at timestamp, run uuid,"
                        + " PRIMARY KEY ((scope, bucket), at, run)) WITH CLUSTERING ORDER BY (at DESC, run DESC)",
                UNIFIED);
        table(
                schema,
                "run_bucket (scope text, bucket bigint, PRIMARY KEY ((scope), bucket))"
                        + " WITH CLUSTERING ORDER BY (bucket DESC)",
                UNIFIED);
    }

    private static void createPipelines(SchemaChange schema) {
        // Written with the offset on the topic as the write time: the last definition in the log wins.
        table(
                schema,
                "pipeline (project text, pipeline text, version text, repository text, actor text, defined_at timestamp,"
                        + " gone_at timestamp, gone_commit text, PRIMARY KEY ((project), pipeline))",
                UNIFIED);
        table(
                schema,
                "pipeline_version (project text, pipeline text, version text, repository text, source text,"
                        + " templates frozen<map<text, text>>, actor text, defined_at timestamp,"
                        + " PRIMARY KEY ((project, pipeline, version)))",
                UNIFIED);
        table(
                schema,
                "pipeline_history (project text, pipeline text, defined_at timestamp, version text, actor text,"
                        + " PRIMARY KEY ((project, pipeline), defined_at, version))"
                        + " WITH CLUSTERING ORDER BY (defined_at DESC, version DESC)",
                UNIFIED);
        // Where projects take their pipelines from; written with the offset on the topic as the write time.
        table(
                schema,
                "source (project text, repository text, branch text, actor text, declared_at timestamp,"
                        + " PRIMARY KEY (project))",
                UNIFIED);
        table(
                schema,
                "template_source (project text, template text, digest text, source text, actor text,"
                        + " defined_at timestamp, PRIMARY KEY ((project, template, digest)))",
                UNIFIED);
        table(
                schema,
                "template (project text, template text, digest text, actor text, defined_at timestamp,"
                        + " PRIMARY KEY ((project), template, digest))",
                UNIFIED);
        // One small partition.
        table(schema, "project (shard int, project text, PRIMARY KEY ((shard), project))", UNIFIED);
    }

    private static void createLogs(SchemaChange schema, long retentionSeconds) {
        String windows = "default_time_to_live = " + retentionSeconds
                + " AND compaction = {'class': 'TimeWindowCompactionStrategy', 'compaction_window_unit': 'DAYS',"
                + " 'compaction_window_size': 1} AND read_repair = 'NONE'";
        // Chunks of lines, some to a bucket; and where each bucket begins, to find any line at once.
        table(
                schema,
                "log_chunk (run uuid, job text, attempt int, bucket int, first_line bigint, chunk int, step int,"
                        + " lines int, at timestamp, text text,"
                        + " PRIMARY KEY ((run, job, attempt, bucket), first_line))",
                windows);
        table(
                schema,
                "log_index (run uuid, job text, attempt int, first_line bigint, bucket int,"
                        + " PRIMARY KEY ((run, job, attempt), first_line))",
                windows);
    }

    private static void table(SchemaChange schema, String definition, String options) {
        int name = definition.indexOf(' ');
        int order = definition.indexOf(" WITH ");
        String columns = definition.substring(name + 1, order < 0 ? definition.length() : order);
        String ordered = order < 0 ? "" : definition.substring(order + " WITH ".length()) + " AND ";
        schema.table(definition.substring(0, name), columns, ordered + options);
    }
}
