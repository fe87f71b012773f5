package dev.flujo.kit.event;

import dev.flujo.event.Topic;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/** Creates the topics that are missing when a service starts, before anything else uses them. */
@ApplicationScoped
public class TopicCreator {

    private static final Logger LOG = Logger.getLogger(TopicCreator.class);
    private static final Map<String, String> DEAD_LETTER_CONFIGS = Map.of("retention.ms", "-1");

    private static final long PAUSE_MILLIS = 100;

    private final String bootstrapServers;
    private final TopicConfig config;
    private final Duration patience;

    TopicCreator(@ConfigProperty(name = "kafka.bootstrap.servers") String bootstrapServers, TopicConfig config) {
        this.bootstrapServers = bootstrapServers;
        this.config = config;
        this.patience = config.patience();
    }

    void atStart(@Observes @Priority(1) StartupEvent start) {
        createMissing();
    }

    /**
     * Creates every topic of the contract, and its dead letters, that Kafka does not have yet. Any number of services may
     * do so at once.
     */
    public void createMissing() {
        try (Admin admin = Admin.create(Map.of(
                AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG,
                bootstrapServers,
                AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                Math.toIntExact(patience.toMillis())))) {
            Set<String> present = admin.listTopics().names().get(patience.toMillis(), TimeUnit.MILLISECONDS);
            List<NewTopic> missing = declared().stream()
                    .filter(topic -> !present.contains(topic.name()))
                    .toList();
            Map<String, KafkaFuture<Void>> creations =
                    admin.createTopics(missing).values();
            for (Map.Entry<String, KafkaFuture<Void>> creation : creations.entrySet()) {
                await(creation.getKey(), creation.getValue());
            }
            checkPartitions(admin);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Expected to create topics, but the service is being stopped", e);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException(
                    "Expected Kafka at " + bootstrapServers + " within " + patience.toSeconds()
                            + " s, but it did not answer; start it or set kafka.bootstrap.servers",
                    e);
        }
    }

    private void await(String topic, KafkaFuture<Void> creation)
            throws InterruptedException, ExecutionException, TimeoutException {
        try {
            creation.get(patience.toMillis(), TimeUnit.MILLISECONDS);
            LOG.infof("created topic %s", topic);
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof TopicExistsException)) {
                throw e;
            }
        }
    }

    /** Topics of another count would be written and read with keys in the wrong partitions. */
    private void checkPartitions(Admin admin) throws InterruptedException, ExecutionException, TimeoutException {
        Map<String, TopicDescription> present = describe(admin, System.nanoTime() + patience.toNanos());
        for (Topic topic : Topic.values()) {
            int expected = topic.partitions(config.partitions());
            int found = present.get(topic.topicName()).partitions().size();
            if (found != expected) {
                throw new IllegalStateException("Expected " + topic.topicName() + " with " + expected
                        + " partitions, but it has " + found
                        + "; set flujo.topics.partitions to what the topics were created with");
            }
        }
    }

    /** A broker may not have heard yet of a topic that was created a moment ago. */
    private Map<String, TopicDescription> describe(Admin admin, long endNanos)
            throws InterruptedException, ExecutionException, TimeoutException {
        while (true) {
            try {
                return admin.describeTopics(
                                Stream.of(Topic.values()).map(Topic::topicName).toList())
                        .allTopicNames()
                        .get(patience.toMillis(), TimeUnit.MILLISECONDS);
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof UnknownTopicOrPartitionException) || System.nanoTime() > endNanos) {
                    throw e;
                }
                TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
            }
        }
    }

    private List<NewTopic> declared() {
        List<NewTopic> topics = new ArrayList<>();
        for (Topic topic : Topic.values()) {
            topics.add(topic(topic.topicName(), topic.partitions(config.partitions()), topic.configs()));
            topics.add(topic(topic.deadLetterName(), 1, DEAD_LETTER_CONFIGS));
        }
        return topics;
    }

    /** What is acknowledged is with more than half of the copies: otherwise the last one could take it along. */
    private NewTopic topic(String name, int partitions, Map<String, String> configs) {
        Map<String, String> all = new HashMap<>(configs);
        all.put("min.insync.replicas", Integer.toString(config.replication() / 2 + 1));
        return new NewTopic(name, partitions, config.replication()).configs(all);
    }
}
