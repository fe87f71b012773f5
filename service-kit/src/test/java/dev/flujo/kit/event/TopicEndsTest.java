package dev.flujo.kit.event;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TopicEndsTest {

    private final TopicEnds ends = new TopicEnds();

    @Test
    void doesNotKnowWhatWasThereBeforeItAsked() {
        assertEquals(Optional.empty(), oldest(0, 7, 3));
        ends.note(0, 8, seconds(1));
        assertEquals(Optional.empty(), oldest(0, 7, 3));
        assertEquals(Optional.empty(), oldest(1, 9, 3), "of another partition");
    }

    @Test
    void aRecordHasComeAfterTheLastQuestionWhoseAnswerLiesBeforeIt() {
        ends.note(0, 8, seconds(1));
        ends.note(0, 8, seconds(5));
        ends.note(0, 9, seconds(10));

        assertEquals(Optional.of(Duration.ofSeconds(7)), oldest(0, 8, 12));
        assertEquals(Optional.of(Duration.ofSeconds(2)), oldest(0, 9, 12));
    }

    @Test
    void whatIsOlderThanItsMemoryIsAsOldAsItsFirstQuestion() {
        for (int i = 0; i < 1000; i++) {
            ends.note(0, i, seconds(i));
        }

        assertEquals(Optional.of(Duration.ofSeconds(1000)), oldest(0, 500, 1000));
        assertEquals(Optional.of(Duration.ofSeconds(10)), oldest(0, 990, 1000));
    }

    private Optional<Duration> oldest(int partition, long offset, long atSecond) {
        return ends.oldest(partition, offset, seconds(atSecond));
    }

    private static long seconds(long count) {
        return Duration.ofSeconds(count).toNanos();
    }
}
