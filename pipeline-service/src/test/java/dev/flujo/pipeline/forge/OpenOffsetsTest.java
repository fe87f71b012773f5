package dev.flujo.pipeline.forge;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class OpenOffsetsTest {

    private static final TopicPartition PARTITION = new TopicPartition("flujo.runs", 3);

    private final OpenOffsets offsets = new OpenOffsets();

    @Test
    void beginAgainWithTheFirstThatWasNotDone() {
        for (long offset = 10; offset < 14; offset++) {
            offsets.begin(PARTITION, offset);
        }
        offsets.close(PARTITION, 12);
        assertEquals(at(10), offsets.changed());
        offsets.close(PARTITION, 10);
        assertEquals(at(11), offsets.changed());
        assertEquals(Map.of(), offsets.changed(), "nothing has changed since");
        offsets.close(PARTITION, 11);
        offsets.close(PARTITION, 13);
        assertEquals(at(14), offsets.changed());
    }

    @Test
    void forgetWhatOthersReadNow() {
        offsets.begin(PARTITION, 10);
        offsets.drop(Set.of(PARTITION));
        offsets.close(PARTITION, 10);

        assertEquals(Map.of(), offsets.changed());
    }

    private static Map<TopicPartition, OffsetAndMetadata> at(long offset) {
        return Map.of(PARTITION, new OffsetAndMetadata(offset));
    }
}
