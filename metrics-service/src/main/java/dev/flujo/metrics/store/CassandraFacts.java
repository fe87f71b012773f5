package dev.flujo.metrics.store;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.DefaultConsistencyLevel;
import com.datastax.oss.driver.api.core.DriverException;
import com.datastax.oss.driver.api.core.cql.AsyncResultSet;
import com.datastax.oss.driver.api.core.cql.BatchStatement;
import com.datastax.oss.driver.api.core.cql.BatchStatementBuilder;
import com.datastax.oss.driver.api.core.cql.BoundStatement;
import com.datastax.oss.driver.api.core.cql.DefaultBatchType;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import com.datastax.oss.driver.api.core.cql.Row;
import com.datastax.oss.driver.api.core.cql.SimpleStatement;
import com.datastax.oss.quarkus.runtime.api.session.QuarkusCqlSession;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.flujo.event.Decoded;
import dev.flujo.event.Envelope;
import dev.flujo.event.EventCodec;
import dev.flujo.kit.problem.CommonProblem;
import dev.flujo.kit.problem.Problem;
import dev.flujo.metrics.Fact;
import dev.flujo.metrics.Facts;
import dev.flujo.metrics.MetricsConfig;
import dev.flujo.metrics.Window;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/** Facts as rows that never change, each under its natural key. */
@ApplicationScoped
public class CassandraFacts implements Facts {

    private static final String INTO = "INSERT INTO " + FactTables.KEYSPACE + ".";
    private static final String FROM = " FROM " + FactTables.KEYSPACE + ".";
    private static final Duration PATIENCE_TO_EMPTY = Duration.ofMinutes(2);

    private final QuarkusCqlSession session;
    private final EventCodec codec;
    private final ObjectMapper json;
    private final String replication;
    /** The projects that this process has written since its facts were emptied. */
    private final Set<String> known = ConcurrentHashMap.newKeySet();

    private Statements statements;

    CassandraFacts(QuarkusCqlSession session, EventCodec codec, MetricsConfig config) {
        this.session = session;
        this.codec = codec;
        this.json = codec.mapper();
        this.replication = config.replication();
    }

    void atStart(@Observes @Priority(2) StartupEvent start) {
        FactTables.create(session, replication);
        statements = new Statements(session);
    }

    @Override
    public CompletionStage<Void> put(List<Fact> facts) {
        List<CompletionStage<?>> writes = new ArrayList<>();
        Map<UUID, BatchStatementBuilder> runs = new LinkedHashMap<>();
        for (Fact fact : facts) {
            Envelope event = fact.event();
            String body = codec.toJson(event).toString();
            fact.run().ifPresent(run -> runs.computeIfAbsent(run, id -> batch())
                    .addStatement(bound(statements.putRunFact, run, event.sequence(), event.id(), body)));
            fact.entry().ifPresent(entry -> {
                int month = Window.month(entry.receivedAt());
                writes.add(write(
                        statements.putRun, fact.project(), month, entry.receivedAt(), entry.run(), entry.pipeline()));
                putProject(fact.project()).ifPresent(writes::add);
            });
            fact.deployAt().ifPresent(at -> {
                writes.add(write(statements.putDeployFact, fact.project(), Window.month(at), at, event.id(), body));
                putProject(fact.project()).ifPresent(writes::add);
            });
        }
        runs.values().forEach(batch -> writes.add(session.executeAsync(batch.build())));
        return CompletableFuture.allOf(
                writes.stream().map(CompletionStage::toCompletableFuture).toArray(CompletableFuture<?>[]::new));
    }

    /** The facts of one run lie in one partition, so they are one request. */
    private static BatchStatementBuilder batch() {
        return BatchStatement.builder(DefaultBatchType.UNLOGGED)
                .setIdempotence(true)
                .setConsistencyLevel(DefaultConsistencyLevel.LOCAL_QUORUM);
    }

    private Optional<CompletionStage<?>> putProject(String project) {
        return known.contains(project)
                ? Optional.empty()
                : Optional.of(write(statements.putProject, 0, project).thenAccept(done -> known.add(project)));
    }

    @Override
    public List<Envelope> run(UUID run) {
        return asked(() -> read(session.execute(bound(statements.getRunFacts, run))));
    }

    @Override
    public List<List<Envelope>> runs(List<UUID> runs) {
        return asked(() -> {
            List<List<Envelope>> found = new ArrayList<>();
            for (int from = 0; from < runs.size(); from += Statements.SIDE_BY_SIDE) {
                List<UUID> some = runs.subList(from, Math.min(runs.size(), from + Statements.SIDE_BY_SIDE));
                List<CompletableFuture<AsyncResultSet>> reads = some.stream()
                        .map(run -> session.executeAsync(bound(statements.getRunFacts, run))
                                .toCompletableFuture())
                        .toList();
                reads.forEach(read -> found.add(
                        Statements.rows(read).stream().map(this::envelope).toList()));
            }
            return found;
        });
    }

    @Override
    public List<Fact.Entry> entries(String project, Window window) {
        return asked(() -> {
            List<Fact.Entry> entries = new ArrayList<>();
            for (int month : window.months()) {
                for (Row row :
                        session.execute(bound(statements.getRuns, project, month, window.start(), window.end()))) {
                    entries.add(new Fact.Entry(
                            row.getUuid("run"), row.getString("pipeline"), row.getInstant("received_at")));
                }
            }
            return entries;
        });
    }

    @Override
    public List<Envelope> deployFacts(String project, Window window) {
        return asked(() -> {
            List<Envelope> events = new ArrayList<>();
            for (int month : window.months()) {
                events.addAll(read(session.execute(
                        bound(statements.getDeployFacts, project, month, window.start(), window.end()))));
            }
            return events;
        });
    }

    @Override
    public List<String> projects() {
        return asked(() -> session.execute(bound(statements.getProjects, 0)).all().stream()
                .map(row -> row.getString("project"))
                .toList());
    }

    @Override
    public void empty() {
        known.clear();
        asked(() -> {
            for (String table : FactTables.FACTS) {
                session.execute(SimpleStatement.newInstance("TRUNCATE " + FactTables.KEYSPACE + "." + table)
                        .setTimeout(PATIENCE_TO_EMPTY));
            }
            return true;
        });
    }

    @Override
    public boolean rebuilding() {
        return asked(() -> {
            Row row = session.execute(bound(statements.getRebuild, 0)).one();
            return row != null && row.getBoolean("running");
        });
    }

    @Override
    public void setRebuilding(boolean running) {
        asked(() -> session.execute(bound(statements.putRebuild, 0, running)));
    }

    private CompletionStage<AsyncResultSet> write(PreparedStatement statement, Object... values) {
        return session.executeAsync(bound(statement, values));
    }

    private static BoundStatement bound(PreparedStatement statement, Object... values) {
        return statement.bind(values).setIdempotent(true).setConsistencyLevel(DefaultConsistencyLevel.LOCAL_QUORUM);
    }

    private List<Envelope> read(Iterable<Row> rows) {
        List<Envelope> envelopes = new ArrayList<>();
        rows.forEach(row -> envelopes.add(envelope(row)));
        return envelopes;
    }

    private Envelope envelope(Row row) {
        try {
            Decoded decoded = codec.decode(json.readTree(row.getString("body")));
            if (decoded instanceof Decoded.Known known) {
                Envelope read = known.envelope();
                return new Envelope(
                        read.id(), read.source(), read.time(), read.chainId(), row.getLong("sequence"), read.event());
            }
            throw new IllegalStateException("Expected a fact that was readable when it was written, but " + decoded);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Expected a fact as JSON, but " + e.getOriginalMessage(), e);
        }
    }

    private static <T> T asked(Supplier<T> question) {
        try {
            return question.get();
        } catch (DriverException e) {
            throw away(e);
        } catch (CompletionException e) {
            throw e.getCause() instanceof DriverException ? away(e) : e;
        }
    }

    private static Problem away(Throwable cause) {
        return new Problem(
                CommonProblem.UNAVAILABLE,
                "Expected Cassandra to answer, but it did not; ask again when it is back",
                cause);
    }

    /** The prepared statements. */
    private static final class Statements {

        static final int SIDE_BY_SIDE = 64;

        final PreparedStatement putRunFact;
        final PreparedStatement putRun;
        final PreparedStatement putDeployFact;
        final PreparedStatement putProject;
        final PreparedStatement putRebuild;
        final PreparedStatement getRunFacts;
        final PreparedStatement getRuns;
        final PreparedStatement getDeployFacts;
        final PreparedStatement getProjects;
        final PreparedStatement getRebuild;

        Statements(CqlSession session) {
            String span = " WHERE project = ? AND month = ? AND ";
            putRunFact = session.prepare(INTO + "run_facts (run, sequence, event_id, body) VALUES (?, ?, ?, ?)");
            putRun = session.prepare(INTO + "runs (project, month, received_at, run, pipeline) VALUES (?, ?, ?, ?, ?)");
            putDeployFact =
                    session.prepare(INTO + "deploy_facts (project, month, at, event_id, body) VALUES (?, ?, ?, ?, ?)");
            putProject = session.prepare(INTO + "projects (shard, project) VALUES (?, ?)");
            putRebuild = session.prepare(INTO + "rebuilds (shard, running) VALUES (?, ?)");
            getRunFacts = session.prepare("SELECT sequence, body" + FROM + "run_facts WHERE run = ?");
            getRuns = session.prepare("SELECT received_at, run, pipeline" + FROM + "runs" + span
                    + "received_at >= ? AND received_at < ?");
            getDeployFacts = session.prepare(
                    "SELECT (bigint)0 AS sequence, body" + FROM + "deploy_facts" + span + "at >= ? AND at < ?");
            getProjects = session.prepare("SELECT project" + FROM + "projects WHERE shard = ?");
            getRebuild = session.prepare("SELECT running" + FROM + "rebuilds WHERE shard = ?");
        }

        /** All rows of an answer, page after page. */
        static List<Row> rows(CompletableFuture<AsyncResultSet> answer) {
            List<Row> rows = new ArrayList<>();
            AsyncResultSet page = answer.join();
            page.currentPage().forEach(rows::add);
            while (page.hasMorePages()) {
                page = page.fetchNextPage().toCompletableFuture().join();
                page.currentPage().forEach(rows::add);
            }
            return rows;
        }
    }
}
