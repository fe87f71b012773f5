package dev.flujo.pipeline.store;

import static dev.flujo.pipeline.store.Tables.KEYSPACE;

import com.datastax.oss.driver.api.core.cql.Row;
import dev.flujo.event.Attempt;
import dev.flujo.event.LogEvent.LogAppended;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** What attempts have printed, chunk by chunk, and any line of it at once. */
@ApplicationScoped
public class Logs {

    /** Chunks of one bucket: with chunks of at most 256 KB a partition stays at about ten megabytes. */
    private static final int BUCKET = 40;

    private static final String KEY = " WHERE run = ? AND job = ? AND attempt = ?";
    private static final String PUT = "INSERT INTO " + KEYSPACE
            + ".log_chunk (run, job, attempt, bucket, first_line, chunk, step, lines, at, text)"
            + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
    private static final String PUT_INDEX =
            "INSERT INTO " + KEYSPACE + ".log_index (run, job, attempt, first_line, bucket) VALUES (?, ?, ?, ?, ?)";
    private static final String BUCKET_OF = "SELECT bucket FROM " + KEYSPACE + ".log_index" + KEY
            + " AND first_line <= ? ORDER BY first_line DESC LIMIT 1";
    private static final String BUCKETS_AFTER =
            "SELECT bucket FROM " + KEYSPACE + ".log_index" + KEY + " AND first_line > ? LIMIT 100";
    private static final String CHUNK_WITH = "SELECT first_line, lines, step, at, text FROM " + KEYSPACE + ".log_chunk"
            + KEY + " AND bucket = ? AND first_line <= ? ORDER BY first_line DESC LIMIT 1";
    private static final String CHUNKS_AFTER = "SELECT first_line, lines, step, at, text FROM " + KEYSPACE
            + ".log_chunk" + KEY + " AND bucket = ? AND first_line > ? LIMIT ?";
    private static final int AT_ONCE = 4;

    private final Database database;

    Logs(Database database) {
        this.database = database;
    }

    /** Keeps a chunk; {@code indexed} says that its bucket is known to have an index row. */
    public CompletionStage<Void> put(LogAppended log, boolean indexed) {
        Attempt attempt = log.attempt();
        int bucket = bucket(log);
        CompletionStage<Void> chunk = database.write(
                PUT,
                attempt.run(),
                attempt.job(),
                attempt.number(),
                bucket,
                log.firstLine(),
                log.chunk(),
                log.step(),
                log.lines(),
                log.at(),
                log.text());
        if (indexed) {
            return chunk;
        }
        CompletionStage<Void> index =
                database.write(PUT_INDEX, attempt.run(), attempt.job(), attempt.number(), log.firstLine(), bucket);
        return CompletableFuture.allOf(chunk.toCompletableFuture(), index.toCompletableFuture());
    }

    /** The bucket that a chunk lies in. */
    public static int bucket(LogAppended log) {
        return log.chunk() / BUCKET;
    }

    /** The chunks that hold the lines from this one on, in order, until so many lines are there or no more are stored. */
    public List<LogChunk> from(Attempt attempt, long line, int mostLines) {
        List<LogChunk> found = new ArrayList<>();
        long end = line + mostLines;
        for (int bucket : buckets(attempt, line)) {
            List<LogChunk> first = chunks(CHUNK_WITH, attempt, bucket, line);
            first.stream().filter(chunk -> chunk.end() > line).forEach(found::add);
            long last = first.isEmpty() ? 0 : first.get(0).firstLine();
            List<LogChunk> more = List.of();
            while (found.isEmpty() || found.get(found.size() - 1).end() < end) {
                more = chunks(CHUNKS_AFTER, attempt, bucket, last, AT_ONCE);
                found.addAll(more);
                if (more.size() < AT_ONCE) {
                    break;
                }
                last = more.get(more.size() - 1).firstLine();
            }
            if (!found.isEmpty() && found.get(found.size() - 1).end() >= end) {
                return found;
            }
        }
        return found;
    }

    private Set<Integer> buckets(Attempt attempt, long line) {
        Set<Integer> buckets = new LinkedHashSet<>();
        ask(BUCKET_OF, attempt, line).forEach(row -> buckets.add(row.getInt("bucket")));
        ask(BUCKETS_AFTER, attempt, line).forEach(row -> buckets.add(row.getInt("bucket")));
        return buckets;
    }

    private List<Row> ask(String cql, Attempt attempt, long line) {
        return database.ask(cql, attempt.run(), attempt.job(), attempt.number(), line);
    }

    private List<LogChunk> chunks(String cql, Attempt attempt, int bucket, Object... rest) {
        List<Object> values = new ArrayList<>(List.of(attempt.run(), attempt.job(), attempt.number(), bucket));
        values.addAll(List.of(rest));
        return database.ask(cql, values.toArray()).stream()
                .map(row -> new LogChunk(
                        row.getLong("first_line"),
                        row.getInt("lines"),
                        row.getInt("step"),
                        row.getInstant("at"),
                        row.getString("text")))
                .toList();
    }
}
