package dev.flujo.deploy.store;

import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import com.datastax.oss.driver.api.core.cql.Row;
import com.datastax.oss.quarkus.runtime.api.session.QuarkusCqlSession;
import dev.flujo.deploy.Environment;
import dev.flujo.deploy.Incidents;
import dev.flujo.kit.store.SchemaChange;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Incidents by environment, and which deployment each followed, in the keyspace {@code flujo_deploy}. */
@ApplicationScoped
public class CassandraIncidents implements Incidents {

    private final QuarkusCqlSession session;
    private final String replication;
    private PreparedStatement list;
    private PreparedStatement get;
    private PreparedStatement getByDeployment;

    CassandraIncidents(
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
                    "incident",
                    "(project text, environment text, id text, detected_at timestamp, resolved_at timestamp,"
                            + " description text, deployment uuid, ticket text,"
                            + " PRIMARY KEY ((project, environment), id))",
                    "compaction = {'class': 'UnifiedCompactionStrategy'}");
            schema.table(
                    "incident_by_deployment",
                    "(project text, environment text, deployment uuid, id text,"
                            + " PRIMARY KEY ((project, environment), deployment, id))",
                    "compaction = {'class': 'UnifiedCompactionStrategy'}");
        }
        String from = "SELECT * FROM " + CassandraHistory.KEYSPACE + ".incident";
        list = session.prepare(from + " WHERE project = ? AND environment = ? AND id > ? LIMIT ?");
        get = session.prepare(from + " WHERE project = ? AND environment = ? AND id IN ?");
        getByDeployment = session.prepare("SELECT id FROM " + CassandraHistory.KEYSPACE
                + ".incident_by_deployment WHERE project = ? AND environment = ? AND deployment IN ?");
    }

    /** Only what is said is written, so that neither report takes away what the other one brought. */
    @Override
    public void note(Environment environment, Incident incident) {
        Map<String, Object> columns = new LinkedHashMap<>();
        columns.put("project", environment.project());
        columns.put("environment", environment.name());
        columns.put("id", incident.id());
        incident.deployment().ifPresent(deployment -> columns.put("deployment", deployment));
        incident.deployment()
                .ifPresent(deployment -> insert(
                        "incident_by_deployment",
                        Map.of(
                                "project",
                                environment.project(),
                                "environment",
                                environment.name(),
                                "id",
                                incident.id(),
                                "deployment",
                                deployment)));
        incident.detectedAt().ifPresent(at -> columns.put("detected_at", at));
        incident.resolvedAt().ifPresent(at -> columns.put("resolved_at", at));
        incident.description().ifPresent(text -> columns.put("description", text));
        incident.ticket().ifPresent(ticket -> columns.put("ticket", ticket));
        insert("incident", columns);
    }

    @Override
    public List<Incident> incidents(Environment environment, String after, int most) {
        return CassandraHistory.asked(
                () -> session
                        .execute(CassandraHistory.bound(list, environment.project(), environment.name(), after, most))
                        .all()
                        .stream()
                        .map(CassandraIncidents::incident)
                        .toList());
    }

    @Override
    public List<Incident> ofDeployments(Environment environment, Set<UUID> deployments) {
        return CassandraHistory.asked(() -> {
            List<String> ids = session
                    .execute(CassandraHistory.bound(
                            getByDeployment, environment.project(), environment.name(), List.copyOf(deployments)))
                    .all()
                    .stream()
                    .map(row -> row.getString("id"))
                    .toList();
            return ids.isEmpty()
                    ? List.of()
                    : session
                            .execute(CassandraHistory.bound(get, environment.project(), environment.name(), ids))
                            .all()
                            .stream()
                            .map(CassandraIncidents::incident)
                            .toList();
        });
    }

    private void insert(String table, Map<String, Object> columns) {
        String places =
                String.join(",", columns.keySet().stream().map(name -> "?").toList());
        PreparedStatement put = session.prepare("INSERT INTO " + CassandraHistory.KEYSPACE + "." + table + " ("
                + String.join(", ", columns.keySet()) + ") VALUES (" + places + ")");
        session.execute(CassandraHistory.bound(put, columns.values().toArray()));
    }

    private static Incident incident(Row row) {
        return new Incident(
                row.getString("id"),
                Optional.ofNullable(row.getInstant("detected_at")),
                Optional.ofNullable(row.getInstant("resolved_at")),
                Optional.ofNullable(row.getString("description")),
                Optional.ofNullable(row.getUuid("deployment")),
                Optional.ofNullable(row.getString("ticket")));
    }
}
