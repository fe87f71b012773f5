package dev.flujo.pipeline.store;

import static dev.flujo.pipeline.store.Tables.KEYSPACE;

import com.datastax.oss.driver.api.core.cql.Row;
import dev.flujo.event.Attempt;
import dev.flujo.event.LogEvent.LogAppended;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;
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
    private static final String CHUNK_WITH = "SELECT chunk, first_line, lines, step, at, text FROM " + KEYSPACE
            + ".log_chunk" + KEY + " AND bucket = ? AND first_line <= ? ORDER BY first_line DESC LIMIT 1";
    private static final String CHUNKS_AFTER = "SELECT chunk, first_line, lines, step, at, text FROM " + KEYSPACE
            + ".log_chunk" + KEY + " AND bucket = ? AND first_line > ? LIMIT ?";
    private static final int AT_ONCE = 4;

    private final Database database;

    Logs(Database database) {
        this.database = database;
    }

    /** Keeps a chunk; the first one of a bucket also says where that begins. */
    public CompletionStage<Void> put(LogAppended log) {
        Attempt attempt = log.attempt();
        int bucket = log.chunk() / BUCKET;
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
        if (log.chunk() % BUCKET != 0) {
            return chunk;
        }
        CompletionStage<Void> index =
                database.write(PUT_INDEX, attempt.run(), attempt.job(), attempt.number(), log.firstLine(), bucket);
        return CompletableFuture.allOf(chunk.toCompletableFuture(), index.toCompletableFuture());
    }

    /** The chunks that hold the lines from this one on, in order, until so many lines are there or no more are stored. */
    public List<LogChunk> from(Attempt attempt, long line, int mostLines) {
        List<LogChunk> found = new ArrayList<>();
        long end = line + mostLines;
        NavigableSet<Integer> buckets = buckets(attempt, line);
        while (!buckets.isEmpty()) {
            int bucket = buckets.pollFirst();
            List<LogChunk> read = chunks(CHUNK_WITH, attempt, bucket, line);
            read.stream().filter(chunk -> chunk.end() > line).forEach(found::add);
            Optional<LogChunk> last = last(read);
            while (!reaches(found, end)) {
                read = chunks(
                        CHUNKS_AFTER,
                        attempt,
                        bucket,
                        last.map(LogChunk::firstLine).orElse(0L),
                        AT_ONCE);
                found.addAll(read);
                last = read.isEmpty() ? last : last(read);
                if (read.size() < AT_ONCE) {
                    break;
                }
            }
            if (reaches(found, end)) {
                return found;
            }
            // The chunk that says where the next bucket begins may be missing.
            last.filter(chunk -> chunk.number() % BUCKET == BUCKET - 1).ifPresent(full -> buckets.add(bucket + 1));
        }
        return found;
    }

    /** Whether the chunk of this number, or one of the same bucket, is stored with lines after this one. */
    public boolean hasAfter(Attempt attempt, int chunk, long line) {
        return !chunks(CHUNKS_AFTER, attempt, chunk / BUCKET, line, 1).isEmpty();
    }

    /** The bucket that the line lies in, and those that are known to follow it. */
    private NavigableSet<Integer> buckets(Attempt attempt, long line) {
        NavigableSet<Integer> buckets = new TreeSet<>();
        ask(BUCKET_OF, attempt, line).forEach(row -> buckets.add(row.getInt("bucket")));
        if (buckets.isEmpty()) {
            buckets.add(0);
        }
        ask(BUCKETS_AFTER, attempt, line).forEach(row -> buckets.add(row.getInt("bucket")));
        return buckets;
    }

    private static boolean reaches(List<LogChunk> found, long end) {
        return last(found).filter(chunk -> chunk.end() >= end).isPresent();
    }

    private static Optional<LogChunk> last(List<LogChunk> chunks) {
        return chunks.isEmpty() ? Optional.empty() : Optional.of(chunks.get(chunks.size() - 1));
    }

    private List<Row> ask(String cql, Attempt attempt, long line) {
        return database.ask(cql, attempt.run(), attempt.job(), attempt.number(), line);
    }

    private List<LogChunk> chunks(String cql, Attempt attempt, int bucket, Object... rest) {
        List<Object> values = new ArrayList<>(List.of(attempt.run(), attempt.job(), attempt.number(), bucket));
        values.addAll(List.of(rest));
        return database.ask(cql, values.toArray()).stream()
                .map(row -> new LogChunk(
                        row.getInt("chunk"),
                        row.getLong("first_line"),
                        row.getInt("lines"),
                        row.getInt("step"),
                        row.getInstant("at"),
                        row.getString("text")))
                .toList();
    }
}
