package dev.flujo.pipeline.store;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.DriverException;
import com.datastax.oss.driver.api.core.cql.AsyncResultSet;
import com.datastax.oss.driver.api.core.cql.BatchStatement;
import com.datastax.oss.driver.api.core.cql.BatchStatementBuilder;
import com.datastax.oss.driver.api.core.cql.BoundStatement;
import com.datastax.oss.driver.api.core.cql.BoundStatementBuilder;
import com.datastax.oss.driver.api.core.cql.DefaultBatchType;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import com.datastax.oss.driver.api.core.cql.Row;
import com.datastax.oss.driver.api.core.cql.Statement;
import com.datastax.oss.quarkus.runtime.api.session.QuarkusCqlSession;
import dev.flujo.kit.problem.CommonProblem;
import dev.flujo.kit.problem.Problem;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Instance;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.jboss.logging.Logger;

/**
 * The way to Cassandra. It is opened in the background, so the service starts without it; until then, and whenever
 * Cassandra is away, questions end in a 503 and writes fail with a cause that passes.
 */
@ApplicationScoped
public class Database {

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final Logger LOG = Logger.getLogger(Database.class);

    private final Instance<CompletionStage<QuarkusCqlSession>> opening;
    private final StoreConfig config;
    private final Map<String, CompletionStage<PreparedStatement>> prepared = new ConcurrentHashMap<>();
    private volatile CqlSession session;
    private volatile boolean stopping;

    Database(Instance<CompletionStage<QuarkusCqlSession>> opening, StoreConfig config) {
        this.opening = opening;
        this.config = config;
    }

    void atStart(@Observes @Priority(2) StartupEvent start) {
        Thread thread = new Thread(this::open, "open-database");
        thread.setDaemon(true);
        thread.start();
    }

    void atStop(@Observes ShutdownEvent stop) {
        stopping = true;
    }

    /** Whether Cassandra answers now. */
    public boolean answers() {
        try {
            ask("SELECT key FROM system.local");
            return true;
        } catch (Problem e) {
            LOG.debugf(e, "Cassandra does not answer");
            return false;
        }
    }

    /** Writes a row; a null value leaves its column as it is. */
    CompletionStage<Void> write(String cql, Object... values) {
        return execute(cql, values).thenApply(done -> null);
    }

    /** Writes rows with one request: all that lie in one partition, or none of these. */
    CompletionStage<Void> writeTogether(String cql, List<Object[]> rows) {
        long at = time();
        return prepared(cql)
                .thenCompose(ready -> {
                    BatchStatementBuilder batch = BatchStatement.builder(DefaultBatchType.UNLOGGED);
                    rows.forEach(values -> batch.addStatement(bound(ready, values)));
                    return session.executeAsync(
                            batch.setIdempotence(true).setQueryTimestamp(at).build());
                })
                .thenApply(done -> null);
    }

    /** All rows of an answer. */
    List<Row> ask(String cql, Object... values) {
        return await(askAsync(cql, values));
    }

    /** All rows of an answer, page after page. */
    CompletionStage<List<Row>> askAsync(String cql, Object... values) {
        return execute(cql, values).thenCompose(page -> collect(page, new ArrayList<>()));
    }

    /**
     * The result of a question.
     *
     * @throws Problem (503) if Cassandra does not answer
     */
    static <T> T await(CompletionStage<T> answer) {
        return await(answer, PATIENCE);
    }

    /**
     * The result of a question.
     *
     * @throws Problem (503) if Cassandra does not answer within the patience
     */
    static <T> T await(CompletionStage<T> answer, Duration patience) {
        try {
            return answer.toCompletableFuture().get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw away(e);
        } catch (TimeoutException e) {
            throw away(e);
        } catch (java.util.concurrent.ExecutionException e) {
            Throwable cause = e.getCause();
            if (cause instanceof Problem problem) {
                throw problem;
            }
            if (cause instanceof DriverException) {
                throw away(cause);
            }
            throw new CompletionException(cause);
        }
    }

    private CompletionStage<AsyncResultSet> execute(String cql, Object... values) {
        long at = time();
        return prepared(cql)
                .thenCompose(ready -> session.executeAsync(bound(ready, values).setQueryTimestamp(at)));
    }

    /**
     * When something is asked for. Those that wait for their statement to be prepared are not sent in the order in which they
     * came: of two writes of a row, the one that was asked for later counts nevertheless.
     */
    private long time() {
        CqlSession open = session;
        return open == null
                ? Statement.NO_DEFAULT_TIMESTAMP
                : open.getContext().getTimestampGenerator().next();
    }

    /** The statement, prepared once; fails while there is no session. */
    private CompletionStage<PreparedStatement> prepared(String cql) {
        CqlSession open = session;
        if (open == null) {
            return CompletableFuture.failedFuture(away(new IOException("there is no connection yet")));
        }
        CompletionStage<PreparedStatement> statement = prepared.computeIfAbsent(cql, open::prepareAsync);
        return statement.whenComplete((done, failure) -> {
            if (failure != null) {
                prepared.remove(cql, statement);
            }
        });
    }

    /** A value that is null is left as it is in the table: a deletion for each would have to be read over. */
    private static BoundStatement bound(PreparedStatement statement, Object... values) {
        BoundStatementBuilder builder = statement.boundStatementBuilder();
        for (int i = 0; i < values.length; i++) {
            if (values[i] instanceof List<?> several) {
                builder = setAll(builder, i, several);
            } else if (values[i] != null) {
                builder = set(builder, i, values[i]);
            }
        }
        return builder.build();
    }

    @SuppressWarnings("unchecked") // the class of a value is a class of values of its type
    private static <T> BoundStatementBuilder set(BoundStatementBuilder builder, int index, T value) {
        return builder.set(index, value, (Class<T>) value.getClass());
    }

    @SuppressWarnings("unchecked") // values of one column have one class
    private static <T> BoundStatementBuilder setAll(BoundStatementBuilder builder, int index, List<T> values) {
        return builder.setList(index, values, (Class<T>) values.get(0).getClass());
    }

    private static CompletionStage<List<Row>> collect(AsyncResultSet page, List<Row> rows) {
        page.currentPage().forEach(rows::add);
        return page.hasMorePages()
                ? page.fetchNextPage().thenCompose(next -> collect(next, rows))
                : CompletableFuture.completedFuture(rows);
    }

    private void open() {
        try {
            CqlSession opened = opening.get().toCompletableFuture().join();
            while (session == null && !stopping) {
                session = withTables(opened);
            }
            LOG.info("the history is open");
        } catch (CompletionException e) {
            LOG.error("Expected to connect to Cassandra, but the driver gave up; correct quarkus.cassandra.*", e);
        }
    }

    private CqlSession withTables(CqlSession opened) {
        try {
            Tables.create(opened, config);
            return opened;
        } catch (DriverException e) {
            LOG.warnf("could not create the tables yet and will try again: %s", e.getMessage());
            LockSupport.parkNanos(PAUSE.toNanos());
            return null;
        }
    }

    private static Problem away(Throwable cause) {
        return new Problem(
                CommonProblem.UNAVAILABLE,
                "Expected Cassandra to answer, but it did not; ask again when it is back",
                cause);
    }
}
