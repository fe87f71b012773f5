package dev.flujo.pipeline.store;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.datastax.oss.quarkus.runtime.api.session.QuarkusCqlSession;
import dev.flujo.event.Attempt;
import dev.flujo.event.LogEvent.LogAppended;
import dev.flujo.pipeline.PipelineServers;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Logs in Cassandra: any line is found at once, whatever is missing beside it. Chunk n holds lines 2n+1 and 2n+2. */
@QuarkusTest
@QuarkusTestResource(PipelineServers.class)
class LogsIT {

    private static final int BUCKET = 40;
    private static final int CHUNKS = 3 * BUCKET;

    @Inject
    Logs logs;

    @Inject
    QuarkusCqlSession session;

    private final Attempt attempt = new Attempt(UUID.randomUUID(), "build", 1);
    private final Instant at = Instant.now().truncatedTo(ChronoUnit.MILLIS);

    @Test
    void everyLineIsFound() {
        IntStream.range(0, CHUNKS).forEach(this::put);

        assertEquals(lines(1, 2 * CHUNKS), read(1, 10_000));
        assertEquals(lines(80, 83), read(80, 4));
        assertEquals(lines(2 * CHUNKS, 2 * CHUNKS), read(2 * CHUNKS, 4));
        assertEquals(List.of(), read(2 * CHUNKS + 1, 4));
    }

    @Test
    void whatIsBehindALostChunkIsFound() {
        IntStream.range(0, CHUNKS).filter(chunk -> chunk % BUCKET != 0).forEach(this::put);

        List<Long> rest = lines(1, 2 * CHUNKS).stream()
                .filter(line -> (line - 1) / 2 % BUCKET != 0)
                .toList();

        assertEquals(rest, read(1, 10_000));
        assertEquals(lines(83, 86), read(81, 6));
        assertEquals(lines(100, 103), read(100, 4));
    }

    @Test
    void chunksThatComeAgainFromTheMiddleOnChangeNothing() {
        IntStream.range(0, CHUNKS).forEach(this::put);
        List<String> before = index();

        IntStream.range(BUCKET + 5, CHUNKS).forEach(this::put);

        assertEquals(before, index());
        assertEquals(CHUNKS / BUCKET, before.size());
    }

    private void put(int chunk) {
        LogAppended log = new LogAppended("shop", attempt, 0, chunk, 2L * chunk + 1, 2, at, "one\ntwo");
        logs.put(log).toCompletableFuture().join();
    }

    private List<Long> read(long line, int most) {
        return logs.from(attempt, line, most).stream()
                .flatMap(chunk ->
                        LongStream.range(chunk.firstLine(), chunk.end()).boxed())
                .filter(found -> found >= line && found < line + most)
                .toList();
    }

    private static List<Long> lines(long first, long last) {
        return LongStream.rangeClosed(first, last).boxed().toList();
    }

    private List<String> index() {
        return session
                .execute(
                        "SELECT first_line, bucket FROM flujo_pipeline.log_index"
                                + " WHERE run = ? AND job = ? AND attempt = ?",
                        attempt.run(),
                        attempt.job(),
                        attempt.number())
                .all()
                .stream()
                .map(row -> row.getFormattedContents())
                .toList();
    }
}
