package dev.flujo.pipeline.store;

import static dev.flujo.pipeline.store.Tables.KEYSPACE;

import com.datastax.oss.driver.api.core.cql.Row;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/** Which runs were asked for when, newest first: of one project, or of all. */
@ApplicationScoped
public class RunIndex {

    private static final String ALL = "*";
    private static final String PUT =
            "INSERT INTO " + KEYSPACE + ".run_index (scope, bucket, at, run) VALUES (?, ?, ?, ?)";
    private static final String PUT_BUCKET = "INSERT INTO " + KEYSPACE + ".run_bucket (scope, bucket) VALUES (?, ?)";
    private static final String BUCKETS =
            "SELECT bucket FROM " + KEYSPACE + ".run_bucket WHERE scope = ? AND bucket <= ? LIMIT 500";
    private static final String FIRST =
            "SELECT at, run FROM " + KEYSPACE + ".run_index WHERE scope = ? AND bucket = ? LIMIT ?";
    private static final String NEXT = "SELECT at, run FROM " + KEYSPACE
            + ".run_index WHERE scope = ? AND bucket = ? AND (at, run) < (?, ?) LIMIT ?";

    private static final int REMEMBERED = 10_000;

    private final Database database;

    /** The buckets that this process has written: there are few, and each is asked for with every run. */
    private final Set<String> written = ConcurrentHashMap.newKeySet();

    /** One place in the order of runs. */
    public record Entry(Instant at, UUID run) {}

    RunIndex(Database database) {
        this.database = database;
    }

    /** Makes a run findable under its project and under all. */
    public CompletionStage<Void> put(RunRow row) {
        Instant at = row.cause().receivedAt();
        List<CompletableFuture<Void>> writes = new ArrayList<>();
        List<Object[]> places = new ArrayList<>();
        for (String scope : List.of(row.project(), ALL)) {
            long bucket = bucket(scope, at);
            places.add(new Object[] {scope, bucket, at, row.run()});
            if (!written.contains(name(scope, bucket))) {
                writes.add(database.write(PUT_BUCKET, scope, bucket)
                        .thenAccept(done -> remember(name(scope, bucket)))
                        .toCompletableFuture());
            }
        }
        writes.add(database.writeTogether(PUT, places).toCompletableFuture());
        return CompletableFuture.allOf(writes.toArray(CompletableFuture<?>[]::new));
    }

    /** At most so many runs that follow the given one; fewer only at the end. */
    public List<Entry> page(Optional<String> project, Optional<Entry> after, int most) {
        String scope = project.orElse(ALL);
        List<Entry> found = new ArrayList<>();
        long newest = after.map(entry -> bucket(scope, entry.at())).orElse(Long.MAX_VALUE);
        while (found.size() < most) {
            List<Row> buckets = database.ask(BUCKETS, scope, newest);
            for (Row row : buckets) {
                newest = row.getLong("bucket");
                add(found, scope, newest, after, most - found.size());
                if (found.size() >= most) {
                    return found;
                }
            }
            if (buckets.isEmpty()) {
                return found;
            }
            newest--;
        }
        return found;
    }

    private void add(List<Entry> found, String scope, long bucket, Optional<Entry> after, int most) {
        boolean within = after.isPresent() && bucket(scope, after.get().at()) == bucket;
        List<Row> rows = within
                ? database.ask(
                        NEXT, scope, bucket, after.get().at(), after.get().run(), most)
                : database.ask(FIRST, scope, bucket, most);
        rows.forEach(row -> found.add(new Entry(row.getInstant("at"), row.getUuid("run"))));
    }

    private void remember(String bucket) {
        if (written.size() >= REMEMBERED) {
            written.clear();
        }
        written.add(bucket);
    }

    private static String name(String scope, long bucket) {
        return bucket + " " + scope;
    }

    private static long bucket(String scope, Instant at) {
        ChronoUnit unit = scope.equals(ALL) ? ChronoUnit.HOURS : ChronoUnit.DAYS;
        return Math.floorDiv(at.getEpochSecond(), unit.getDuration().toSeconds());
    }
}
