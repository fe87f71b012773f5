package dev.flujo.pipeline.orchestrator;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.KafkaStreams.State;
import org.junit.jupiter.api.Test;

class TakeoverTest {

    private static final Duration LONGER_THAN_PATIENCE = Takeover.PATIENCE.plusSeconds(1);

    private long now;
    private final Takeover takeover = new Takeover(() -> now);

    @Test
    void isNotStuckAtRest() {
        takeover.onChange(State.RUNNING, State.REBALANCING);
        pass(LONGER_THAN_PATIENCE);

        assertFalse(takeover.stuck());
    }

    @Test
    void isStuckWhenNothingComesOfTheHandingOver() {
        takeover.onChange(State.REBALANCING, State.RUNNING);
        pass(Takeover.PATIENCE);
        assertFalse(takeover.stuck());

        pass(Duration.ofSeconds(1));

        assertTrue(takeover.stuck());
    }

    @Test
    void isNotStuckAsLongAsStateComesIn() {
        takeover.onChange(State.REBALANCING, State.RUNNING);
        for (int i = 0; i < 10; i++) {
            pass(Takeover.PATIENCE);
            takeover.onBatchRestored(new TopicPartition("flujo-orchestrator-projects-changelog", 0), "projects", i, 1);
        }

        assertFalse(takeover.stuck());
    }

    @Test
    void isNotStuckAnyMoreWhenItRunsAfterAll() {
        takeover.onChange(State.REBALANCING, State.RUNNING);
        pass(LONGER_THAN_PATIENCE);
        takeover.onChange(State.RUNNING, State.REBALANCING);

        assertFalse(takeover.stuck());
    }

    private void pass(Duration duration) {
        now += duration.toNanos();
    }
}
