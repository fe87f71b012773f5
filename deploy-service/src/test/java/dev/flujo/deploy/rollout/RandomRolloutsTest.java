package dev.flujo.deploy.rollout;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random deployments, approvals, rollbacks, freezes, aborts, retries, faults and crashes in a model of everything around the
 * rollouts, as {@link RolloutWorld} says. {@code -Dflujo.seeds} plays more of them, {@code -Dflujo.seed} one alone; the seed
 * stands in what fails.
 */
class RandomRolloutsTest {

    private static final int SEEDS = Integer.getInteger("flujo.seeds", 200);
    private static final Long SEED = Long.getLong("flujo.seed");
    private static final Path MEMORY = Path.of("/dev/shm");

    @TempDir
    Path directory;

    @Test
    void theNewestApprovedReleaseServesInTheEndWhateverDies() throws IOException {
        LongStream seeds = SEED == null ? LongStream.range(0, SEEDS) : LongStream.of(SEED);
        RolloutWorld.Tally tally = new RolloutWorld.Tally();
        List<AssertionError> failures = new ArrayList<>();
        seeds.forEach(seed -> play(seed, tally).ifPresent(failures::add));
        System.out.println("seeds " + (SEED == null ? "0 to " + (SEEDS - 1) : SEED) + ": " + tally);
        failures.forEach(failure -> System.out.println(failure.getMessage()));
        assertEquals(0, failures.size(), "schedules that fail");
    }

    private Optional<AssertionError> play(long seed, RolloutWorld.Tally tally) {
        try {
            Path ground = fast() ? Files.createTempDirectory(MEMORY, "rollouts") : directory.resolve("seed-" + seed);
            try {
                new RolloutWorld(seed, ground, tally).play();
                return Optional.empty();
            } finally {
                delete(ground);
            }
        } catch (AssertionError | IOException | RuntimeException e) {
            return Optional.of(new AssertionError("with -Dflujo.seed=" + seed + ": " + e, e));
        }
    }

    /** Every entry of a journal is forced to the disk, which a model has no need of. */
    private static boolean fast() {
        return Files.isDirectory(MEMORY) && Files.isWritable(MEMORY);
    }

    private static void delete(Path ground) throws IOException {
        try (var files = Files.walk(ground)) {
            for (Path file : files.sorted((a, b) -> b.compareTo(a)).toList()) {
                Files.delete(file);
            }
        }
    }
}
