package dev.flujo.kit.store;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.SimpleStatement;
import java.time.Duration;

/**
 * Changes the schema of a keyspace, statement by statement. Until it is closed the driver does not read the schema again after
 * each of them (it waits a second for more to come every time), but once at the end.
 */
public final class SchemaChange implements AutoCloseable {

    /** A change of the schema takes long where several services make theirs on a small machine. */
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final CqlSession session;

    /** Begins to change the schema of the cluster that this session is connected with. */
    public SchemaChange(CqlSession session) {
        this.session = session;
        session.setSchemaMetadataEnabled(false);
    }

    /** Executes one statement; it is in force on all nodes when this returns. */
    public void execute(String statement) {
        session.execute(SimpleStatement.newInstance(statement).setTimeout(PATIENCE));
    }

    @Override
    public void close() {
        session.setSchemaMetadataEnabled(null);
    }
}
