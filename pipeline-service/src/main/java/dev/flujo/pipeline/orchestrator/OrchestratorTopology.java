package dev.flujo.pipeline.orchestrator;

import dev.flujo.event.EventCodec;
import dev.flujo.event.Topic;
import dev.flujo.kit.event.EventRecords;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.RecordContext;
import org.apache.kafka.streams.processor.StreamPartitioner;
import org.apache.kafka.streams.processor.TopicNameExtractor;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/** How the two processors, their stores and the topics hang together; every part has a name of its own. */
final class OrchestratorTopology {

    static final String PROJECTS = "projects";
    static final String POOLS = "pools";

    static final List<Topic> PROJECT_SOURCES =
            List.of(Topic.COMMITS, Topic.COMMANDS, Topic.PIPELINES, Topic.BUILDS, Topic.DEPLOYS, Topic.POOL_FACTS);
    static final List<Topic> POOL_SOURCES = List.of(Topic.RUNNERS, Topic.POOL_REQUESTS);
    private static final List<Topic> PROJECT_SINKS =
            List.of(Topic.RUNS, Topic.COMMANDS, Topic.POOL_REQUESTS, Topic.AUDIT);
    private static final List<Topic> POOL_SINKS = List.of(Topic.POOL_FACTS);

    private OrchestratorTopology() {}

    static Topology build(
            EventCodec codec, OrchestratorMeters meters, WallClock clock, Function<String, InHand> notes) {
        Rows rows = new Rows(codec.mapper());
        Topology topology = new Topology();
        PROJECT_SOURCES.forEach(topic -> source(topology, topic));
        POOL_SOURCES.forEach(topic -> source(topology, topic));
        topology.addProcessor(
                PROJECTS, () -> new ProjectProcessor(codec, rows, meters, clock, notes), sources(PROJECT_SOURCES));
        topology.addProcessor(POOLS, () -> new PoolProcessor(codec, rows, meters, clock, notes), sources(POOL_SOURCES));
        topology.addStateStore(store(ProjectStores.STORE), PROJECTS);
        topology.addStateStore(store(PoolStores.STORE), POOLS);
        PROJECT_SINKS.forEach(topic -> sink(topology, topic, PROJECTS));
        topology.addSink(
                Topic.PIPELINES.topicName(),
                Topic.PIPELINES.topicName(),
                new ByteArraySerializer(),
                new ByteArraySerializer(),
                new PartitionOfProject(),
                PROJECTS);
        POOL_SINKS.forEach(topic -> sink(topology, topic, POOLS));
        sink(topology, Topic.QUEUES, PROJECTS, POOLS);
        sink(topology, Topic.ASSIGNMENTS, PROJECTS, POOLS);
        topology.addSink(
                EventProcessor.DEAD_LETTERS,
                new DeadLetterOfSource(),
                new ByteArraySerializer(),
                new ByteArraySerializer(),
                PROJECTS,
                POOLS);
        return topology;
    }

    private static void source(Topology topology, Topic topic) {
        topology.addSource(
                "from-" + topic.topicName(),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer(),
                topic.topicName());
    }

    private static void sink(Topology topology, Topic topic, String... parents) {
        topology.addSink(
                topic.topicName(), topic.topicName(), new ByteArraySerializer(), new ByteArraySerializer(), parents);
    }

    private static String[] sources(List<Topic> topics) {
        return topics.stream().map(topic -> "from-" + topic.topicName()).toArray(String[]::new);
    }

    /** Kept in RocksDB, and in a compacted changelog from which any replica can take over. */
    private static StoreBuilder<KeyValueStore<String, byte[]>> store(String name) {
        return Stores.keyValueStoreBuilder(Stores.persistentKeyValueStore(name), Serdes.String(), Serdes.ByteArray())
                .withCachingDisabled()
                .withLoggingEnabled(Map.of());
    }

    /** Pipelines are keyed by their names, but lie with everything else of their project. */
    private record PartitionOfProject() implements StreamPartitioner<byte[], byte[]> {

        @Override
        @SuppressWarnings("removal") // the one with headers may be implemented besides, not instead
        public Optional<Set<Integer>> partitions(String topic, byte[] key, byte[] value, int partitions) {
            String pipeline = new String(key, StandardCharsets.UTF_8);
            String project = pipeline.substring(0, pipeline.indexOf('/'));
            return Optional.of(Set.of(EventRecords.partitionOfProject(project, partitions)));
        }
    }

    /** A dead letter goes to the dead letters of the topic that it was read from. */
    private record DeadLetterOfSource() implements TopicNameExtractor<byte[], byte[]> {

        @Override
        public String extract(byte[] key, byte[] value, RecordContext record) {
            return record.topic() + ".dead-letter";
        }
    }
}
