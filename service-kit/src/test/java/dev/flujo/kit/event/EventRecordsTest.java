package dev.flujo.kit.event;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.flujo.event.Topic;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;

class EventRecordsTest {

    @Test
    void readsHeadersAsTextAndTheLastOfARepeatedOne() {
        RecordHeaders headers = new RecordHeaders();
        headers.add("ce_id", "first".getBytes(StandardCharsets.UTF_8));
        headers.add("ce_id", "läst".getBytes(StandardCharsets.UTF_8));
        headers.add("empty", null);

        assertEquals(Map.of("ce_id", "läst"), EventRecords.headers(headers));
    }

    @Test
    void placesAProjectWhereKafkasOwnPartitionerPlacesItsKey() {
        for (String project : new String[] {"shop", "a", "Übung", "team-42"}) {
            assertEquals(
                    BuiltInPartitioner.partitionForKey(
                            project.getBytes(StandardCharsets.UTF_8), Topic.PROJECT_PARTITIONS),
                    EventRecords.partitionOfProject(project, Topic.PROJECT_PARTITIONS));
        }
    }
}
