package dev.flujo.pipeline.messaging;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.flujo.event.Topic;
import dev.flujo.pipeline.PipelineServers;
import dev.flujo.stack.TestServers;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.Test;

/** The topics as a starting service finds none of them, and makes them. */
@QuarkusTest
@QuarkusTestResource(PipelineServers.class)
class TopicsIT {

    @Test
    void areThereAsTheContractDeclaresThemWithTheirDeadLetters() throws Exception {
        try (Admin admin = Admin.create(Map.<String, Object>of(
                "bootstrap.servers", TestServers.shared().kafka().bootstrapServers()))) {
            List<String> names =
                    Arrays.stream(Topic.values()).map(Topic::topicName).toList();
            Map<String, TopicDescription> found =
                    admin.describeTopics(names).allTopicNames().get();
            Map<ConfigResource, Config> configs = admin.describeConfigs(
                            names.stream().map(TopicsIT::resource).toList())
                    .all()
                    .get();
            admin.describeTopics(Arrays.stream(Topic.values())
                            .map(Topic::deadLetterName)
                            .toList())
                    .allTopicNames()
                    .get();

            for (Topic topic : Topic.values()) {
                String name = topic.topicName();
                assertEquals(
                        topic.partitions(Topic.PROJECT_PARTITIONS),
                        found.get(name).partitions().size(),
                        name);
                topic.configs()
                        .forEach((key, value) -> assertEquals(
                                value, configs.get(resource(name)).get(key).value(), name + " " + key));
            }
        }
    }

    private static ConfigResource resource(String topic) {
        return new ConfigResource(ConfigResource.Type.TOPIC, topic);
    }
}
