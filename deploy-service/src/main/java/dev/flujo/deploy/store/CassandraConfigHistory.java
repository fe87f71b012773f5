package dev.flujo.deploy.store;

import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import com.datastax.oss.driver.api.core.cql.Row;
import com.datastax.oss.quarkus.runtime.api.session.QuarkusCqlSession;
import dev.flujo.deploy.ConfigHistory;
import dev.flujo.deploy.Environment;
import dev.flujo.kit.store.SchemaChange;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Who saw which version, by item and by deployment, in the keyspace {@code flujo_deploy}. */
@ApplicationScoped
public class CassandraConfigHistory implements ConfigHistory {

    private static final String COLUMNS = "project, environment, item, version, deployment, run, at";

    /** Cassandra keeps what was written with the higher number: the earlier time gets it, so that the first one stays. */
    private static final long LAST_MICROS =
            Instant.parse("2200-01-01T00:00:00Z").toEpochMilli() * 1000;

    private static final String TABLE = "(project text, environment text, item text, version int, deployment uuid,"
            + " run uuid, at timestamp, PRIMARY KEY ";

    private final QuarkusCqlSession session;
    private final String replication;
    private PreparedStatement putByItem;
    private PreparedStatement putByDeployment;
    private PreparedStatement getByItem;
    private PreparedStatement getByDeployment;

    CassandraConfigHistory(
            QuarkusCqlSession session,
            @ConfigProperty(
                            name = "flujo.deploy.replication",
                            defaultValue = "{'class': 'SimpleStrategy', 'replication_factor': 1}")
                    String replication) {
        this.session = session;
        this.replication = replication;
    }

    void atStart(@Observes @Priority(2) StartupEvent start) {
        try (SchemaChange schema = new SchemaChange(session, CassandraHistory.KEYSPACE, replication)) {
            schema.table(
                    "config_by_item",
                    TABLE + "((project, environment, item), version, deployment))",
                    "CLUSTERING ORDER BY (version DESC, deployment ASC)"
                            + " AND compaction = {'class': 'UnifiedCompactionStrategy'}");
            schema.table(
                    "config_by_deployment",
                    TABLE + "((project, environment), deployment, item, version))",
                    "compaction = {'class': 'UnifiedCompactionStrategy'}");
        }
        putByItem = session.prepare(put("config_by_item"));
        putByDeployment = session.prepare(put("config_by_deployment"));
        getByItem = session.prepare("SELECT * FROM " + CassandraHistory.KEYSPACE
                + ".config_by_item WHERE project = ? AND environment = ? AND item = ? LIMIT ?");
        getByDeployment = session.prepare("SELECT * FROM " + CassandraHistory.KEYSPACE
                + ".config_by_deployment WHERE project = ? AND environment = ? AND deployment IN ?");
    }

    @Override
    public void put(List<Seen> all) {
        for (Seen seen : all) {
            for (PreparedStatement put : List.of(putByItem, putByDeployment)) {
                session.execute(CassandraHistory.bound(
                        put,
                        seen.project(),
                        seen.environment(),
                        seen.item(),
                        seen.version(),
                        seen.deployment(),
                        seen.run(),
                        seen.at(),
                        LAST_MICROS - seen.at().toEpochMilli() * 1000));
            }
        }
    }

    @Override
    public List<Seen> ofItem(Environment environment, String item, int most) {
        return CassandraHistory.asked(() -> session
                .execute(CassandraHistory.bound(getByItem, environment.project(), environment.name(), item, most))
                .all()
                .stream()
                .map(CassandraConfigHistory::seen)
                .toList());
    }

    @Override
    public List<Seen> ofDeployments(Environment environment, Set<UUID> deployments) {
        return CassandraHistory.asked(() -> session
                .execute(CassandraHistory.bound(
                        getByDeployment, environment.project(), environment.name(), List.copyOf(deployments)))
                .all()
                .stream()
                .map(CassandraConfigHistory::seen)
                .toList());
    }

    private static String put(String table) {
        return "INSERT INTO " + CassandraHistory.KEYSPACE + "." + table + " (" + COLUMNS + ") VALUES (?,?,?,?,?,?,?)"
                + " USING TIMESTAMP ?";
    }

    private static Seen seen(Row row) {
        return new Seen(
                row.getString("project"),
                row.getString("environment"),
                row.getString("item"),
                row.getInt("version"),
                row.getUuid("deployment"),
                row.getUuid("run"),
                row.getInstant("at"));
    }
}
