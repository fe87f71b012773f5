package dev.flujo.pipeline.orchestrator;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.KafkaStreams.State;
import org.junit.jupiter.api.Test;

class TakeoverTest {

    private static final Duration LONGER_THAN_PATIENCE = Takeover.PATIENCE.plusSeconds(1);

    private final FakeClock clock = new FakeClock();
    private final Takeover takeover = new Takeover(clock);

    @Test
    void isNotStuckAtRest() {
        takeover.onChange(State.RUNNING, State.REBALANCING);
        clock.pass(LONGER_THAN_PATIENCE);

        assertFalse(takeover.stuck());
    }

    @Test
    void isStuckWhenNothingComesOfTheHandingOver() {
        takeover.onChange(State.REBALANCING, State.RUNNING);
        clock.pass(Takeover.PATIENCE);
        assertFalse(takeover.stuck());

        clock.pass(Duration.ofSeconds(1));

        assertTrue(takeover.stuck());
    }

    @Test
    void isNotStuckAsLongAsStateComesIn() {
        takeover.onChange(State.REBALANCING, State.RUNNING);
        for (int i = 0; i < 10; i++) {
            clock.pass(Takeover.PATIENCE);
            takeover.onBatchRestored(new TopicPartition("flujo-orchestrator-projects-changelog", 0), "projects", i, 1);
        }

        assertFalse(takeover.stuck());
    }

    @Test
    void isNotStuckAnyMoreWhenItRunsAfterAll() {
        takeover.onChange(State.REBALANCING, State.RUNNING);
        clock.pass(LONGER_THAN_PATIENCE);
        takeover.onChange(State.RUNNING, State.REBALANCING);

        assertFalse(takeover.stuck());
    }

    /** Stands still until it is told otherwise. */
    private static final class FakeClock extends Clock {

        private Instant now = Instant.EPOCH;

        void pass(Duration duration) {
            now = now.plus(duration);
        }

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }
}
