package dev.flujo.pipeline.orchestrator;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.flujo.core.plan.PlanReader;
import dev.flujo.core.plan.PlanReading;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/**
 * The orchestrator in a model of everything around it, as {@link ModelWorld} says. {@code -Dflujo.seeds} plays more of them,
 * {@code -Dflujo.seed} one alone; the seed stands in what fails.
 */
class OrchestratorModelTest {

    private static final int SEEDS = Integer.getInteger("flujo.seeds", 200);
    private static final Long SEED = Long.getLong("flujo.seed");

    @Test
    void losesNothingDoublesNothingAndComesToItsEndWhateverDies() {
        LongStream seeds = SEED == null ? LongStream.range(0, SEEDS) : LongStream.of(SEED);
        seeds.parallel().forEach(seed -> {
            try {
                new ModelWorld(seed).play();
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("with -Dflujo.seed=" + seed + ": " + e.getMessage(), e);
            }
        });
    }

    @Test
    void hasPipelinesThatCanBeRead() {
        for (int i = 0; i < ModelPipelines.count(); i++) {
            String source = ModelPipelines.source("first", i);
            PlanReading reading = PlanReader.read(source, Map.of());
            assertTrue(reading instanceof PlanReading.Readable, () -> source + reading);
        }
        String after = ModelPipelines.after("after", "shop", "first");
        PlanReading reading = PlanReader.read(after, Map.of());
        assertTrue(reading instanceof PlanReading.Readable, () -> after + reading);
    }
}
