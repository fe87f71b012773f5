package dev.flujo.kit.store;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.SimpleStatement;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;

/**
 * Creates what a keyspace lacks. Even a statement that would change nothing is a change of the schema, with all nodes asked, so
 * what is there is read first. Until this is closed the driver does not read the schema again after each statement (it waits a
 * second for more to come every time), but once at the end.
 */
public final class SchemaChange implements AutoCloseable {

    /** A change of the schema takes long where several services make theirs on a small machine. */
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final CqlSession session;
    private final String keyspace;
    private final Set<String> tables = new HashSet<>();

    /**
     * Begins to change a keyspace of the cluster that this session is connected with; creates it where it is missing.
     *
     * @param replication a map as CQL has it, such as {@code {'class': 'SimpleStrategy', 'replication_factor': 1}}
     */
    public SchemaChange(CqlSession session, String keyspace, String replication) {
        this.session = session;
        this.keyspace = keyspace;
        session.setSchemaMetadataEnabled(false);
        session.execute(SimpleStatement.newInstance(
                        "SELECT table_name FROM system_schema.tables WHERE keyspace_name = ?", keyspace))
                .forEach(row -> tables.add(row.getString(0)));
        if (tables.isEmpty()) {
            execute("CREATE KEYSPACE IF NOT EXISTS " + keyspace + " WITH replication = " + replication);
        }
    }

    /**
     * Creates a table where it is missing; it is there on all nodes when this returns.
     *
     * @param columns in parentheses, with the primary key
     * @param options what follows {@code WITH}
     */
    public void table(String name, String columns, String options) {
        if (!tables.contains(name)) {
            execute("CREATE TABLE IF NOT EXISTS " + keyspace + "." + name + " " + columns + " WITH " + options);
        }
    }

    private void execute(String statement) {
        session.execute(SimpleStatement.newInstance(statement).setTimeout(PATIENCE));
    }

    @Override
    public void close() {
        session.setSchemaMetadataEnabled(null);
    }
}
