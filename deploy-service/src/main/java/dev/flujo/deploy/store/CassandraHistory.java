package dev.flujo.deploy.store;

import com.datastax.oss.driver.api.core.DefaultConsistencyLevel;
import com.datastax.oss.driver.api.core.DriverException;
import com.datastax.oss.driver.api.core.cql.BoundStatement;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import com.datastax.oss.driver.api.core.cql.Row;
import com.datastax.oss.quarkus.runtime.api.session.QuarkusCqlSession;
import dev.flujo.deploy.History;
import dev.flujo.kit.problem.CommonProblem;
import dev.flujo.kit.problem.Problem;
import dev.flujo.kit.store.SchemaChange;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** The history of environments in the keyspace {@code flujo_deploy}. */
@ApplicationScoped
public class CassandraHistory implements History {

    static final String KEYSPACE = "flujo_deploy";

    private final QuarkusCqlSession session;
    private final String replication;
    private PreparedStatement put;
    private PreparedStatement putEnvironment;
    private PreparedStatement get;
    private PreparedStatement getEnvironments;

    CassandraHistory(
            QuarkusCqlSession session,
            @ConfigProperty(
                            name = "flujo.deploy.replication",
                            defaultValue = "{'class': 'SimpleStrategy', 'replication_factor': 1}")
                    String replication) {
        this.session = session;
        this.replication = replication;
    }

    void atStart(@Observes @Priority(2) StartupEvent start) {
        try (SchemaChange schema = new SchemaChange(session, KEYSPACE, replication)) {
            schema.table(
                    "deployment",
                    "(project text, environment text, at timestamp, deployment uuid, state text, run uuid, commit_id text,"
                            + " branch text, actor text, address text, reason text, previous uuid,"
                            + " PRIMARY KEY ((project, environment), at, deployment))",
                    "CLUSTERING ORDER BY (at DESC, deployment DESC)"
                            + " AND compaction = {'class': 'UnifiedCompactionStrategy'}");
            schema.table(
                    "environment",
                    "(project text, environment text, PRIMARY KEY ((project), environment))",
                    "compaction = {'class': 'UnifiedCompactionStrategy'}");
        }
        put = session.prepare("INSERT INTO " + KEYSPACE + ".deployment (project, environment, at, deployment, state,"
                + " run, commit_id, branch, actor, address, reason, previous) VALUES (?,?,?,?,?,?,?,?,?,?,?,?)");
        putEnvironment =
                session.prepare("INSERT INTO " + KEYSPACE + ".environment (project, environment) VALUES (?,?)");
        get = session.prepare("SELECT * FROM " + KEYSPACE + ".deployment WHERE project = ? AND environment = ?"
                + " AND (at, deployment) < (?, ?) LIMIT ?");
        getEnvironments = session.prepare("SELECT environment FROM " + KEYSPACE + ".environment WHERE project = ?"
                + " AND environment > ? LIMIT ?");
    }

    @Override
    public void put(Entry entry) {
        session.execute(bound(putEnvironment, entry.project(), entry.environment()));
        BoundStatement row = put.boundStatementBuilder()
                .setString(0, entry.project())
                .setString(1, entry.environment())
                .setInstant(2, entry.at())
                .setUuid(3, entry.deployment())
                .setString(4, entry.state())
                .setUuid(5, entry.run())
                .setString(7, entry.branch())
                .setString(8, entry.by())
                .setIdempotence(true)
                .setConsistencyLevel(DefaultConsistencyLevel.LOCAL_QUORUM)
                .build();
        row = entry.commit().isPresent() ? row.setString(6, entry.commit().get()) : row;
        row = entry.address().isPresent() ? row.setString(9, entry.address().get()) : row;
        row = entry.reason().isPresent() ? row.setString(10, entry.reason().get()) : row;
        row = entry.previous().isPresent() ? row.setUuid(11, entry.previous().get()) : row;
        session.execute(row);
    }

    @Override
    public List<Entry> entries(String project, String environment, Place place, int most) {
        return asked(() ->
                session.execute(bound(get, project, environment, place.at(), place.deployment(), most)).all().stream()
                        .map(CassandraHistory::entry)
                        .toList());
    }

    @Override
    public List<String> environments(String project, String after, int most) {
        return asked(() -> session.execute(bound(getEnvironments, project, after, most)).all().stream()
                .map(row -> row.getString("environment"))
                .toList());
    }

    private static Entry entry(Row row) {
        return new Entry(
                row.getString("project"),
                row.getString("environment"),
                row.getUuid("deployment"),
                row.getInstant("at"),
                row.getString("state"),
                row.getUuid("run"),
                Optional.ofNullable(row.getString("commit_id")),
                row.getString("branch"),
                row.getString("actor"),
                Optional.ofNullable(row.getString("address")),
                Optional.ofNullable(row.getString("reason")),
                Optional.ofNullable(row.getUuid("previous")));
    }

    /** A statement with its values, as all in this keyspace are executed. */
    static BoundStatement bound(PreparedStatement statement, Object... values) {
        return statement.bind(values).setIdempotent(true).setConsistencyLevel(DefaultConsistencyLevel.LOCAL_QUORUM);
    }

    /** The answer of Cassandra; a problem (503) while it is away. */
    static <T> T asked(Supplier<T> question) {
        try {
            return question.get();
        } catch (DriverException e) {
            throw new Problem(
                    CommonProblem.UNAVAILABLE,
                    "Expected Cassandra to answer, but it does not; what is deployed goes on serving, ask again later",
                    e);
        }
    }
}
