package dev.flujo.pipeline.orchestrator;

import dev.flujo.event.EventCodec;
import dev.flujo.kit.event.TopicCreator;
import dev.flujo.kit.process.Failpoint;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Properties;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/** Runs the topology while the service lives. */
@ApplicationScoped
public class Orchestrator {

    /** Group id, transactional ids and changelogs are named after it: another name is another orchestrator. */
    static final String APPLICATION_ID = "flujo-orchestrator";

    private static final Logger LOG = Logger.getLogger(Orchestrator.class);

    private final SteadyTime time = new SteadyTime();
    private final KafkaStreams streams;
    private final Takeover takeover = new Takeover(time::nanoseconds);

    Orchestrator(
            OrchestratorConfig config,
            @ConfigProperty(name = "kafka.bootstrap.servers") String bootstrapServers,
            EventCodec codec,
            MeterRegistry registry,
            Failpoint failpoint) {
        Properties properties = properties(config, bootstrapServers);
        properties.put(
                StreamsConfig.producerPrefix(ProducerConfig.INTERCEPTOR_CLASSES_CONFIG),
                DiesBeforeCommit.class.getName());
        properties.put(StreamsConfig.producerPrefix(DiesBeforeCommit.FAILPOINT), failpoint);
        Path notes = config.stateDirectory().toAbsolutePath().resolve("in-hand");
        this.streams = new KafkaStreams(
                OrchestratorTopology.build(
                        codec, new OrchestratorMeters(registry), time, task -> InHandFile.open(notes, task)),
                properties,
                new OrchestratorClients(Math.max(1, config.commitsPerSecond() / config.threads()), time::nanoseconds),
                time);
        this.streams.setStateListener(takeover);
        this.streams.setGlobalStateRestoreListener(takeover);
        this.streams.setUncaughtExceptionHandler(failure -> {
            registry.counter("flujo.orchestrator.replaced").increment();
            LOG.error("an orchestrator thread failed and is replaced", failure);
            return StreamThreadExceptionResponse.REPLACE_THREAD;
        });
    }

    void start(@Observes @Priority(100) StartupEvent event, TopicCreator topics) {
        topics.createMissing();
        streams.start();
    }

    void stop(@Observes ShutdownEvent event) {
        streams.close(Duration.ofSeconds(10));
    }

    /** What Kafka Streams says of itself. */
    public KafkaStreams.State state() {
        return streams.state();
    }

    /** Whether it has been given partitions and does not get on with them. */
    boolean stuck() {
        return takeover.stuck();
    }

    static Properties properties(OrchestratorConfig config, String bootstrapServers) {
        Properties properties = new Properties();
        properties.put(StreamsConfig.APPLICATION_ID_CONFIG, APPLICATION_ID);
        properties.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
        properties.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        properties.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, config.commitIntervalMillis());
        properties.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, config.threads());
        properties.put(StreamsConfig.NUM_STANDBY_REPLICAS_CONFIG, config.standbyReplicas());
        properties.put(StreamsConfig.REPLICATION_FACTOR_CONFIG, config.replicationFactor());
        properties.put(StreamsConfig.topicPrefix("min.insync.replicas"), config.replicationFactor() / 2 + 1);
        properties.put(
                StreamsConfig.STATE_DIR_CONFIG,
                config.stateDirectory().toAbsolutePath().toString());
        properties.put(StreamsConfig.ENSURE_EXPLICIT_INTERNAL_RESOURCE_NAMING_CONFIG, true);
        properties.put(StreamsConfig.ROCKSDB_CONFIG_SETTER_CLASS_CONFIG, SmallStores.class);
        // A transaction that is due is not committed later than that.
        properties.put(StreamsConfig.POLL_MS_CONFIG, 10);
        // The commit sends at once what lingers: so a transaction is one request, and waits for nothing.
        properties.put(StreamsConfig.producerPrefix(ProducerConfig.LINGER_MS_CONFIG), 100);
        // A transaction that begins before the one before it is complete is refused, and tried again so soon at first.
        properties.put(StreamsConfig.producerPrefix(ProducerConfig.RETRY_BACKOFF_MS_CONFIG), 2);
        // What somebody who dies has begun is over before he is missed: nobody waits for both.
        properties.put(StreamsConfig.producerPrefix(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG), 5000);
        properties.put(StreamsConfig.producerPrefix(ProducerConfig.MAX_REQUEST_SIZE_CONFIG), 2 * 1024 * 1024);
        // A question whose answer is lost holds up who takes over partitions: it is put again soon, not after a minute.
        properties.put(StreamsConfig.adminClientPrefix(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG), 5000);
        properties.put(StreamsConfig.adminClientPrefix(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG), 10_000);
        // Who dies is missed 6 s after it was last heard of; the others hear of that with their next heartbeat.
        properties.put(StreamsConfig.mainConsumerPrefix(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG), 6000);
        properties.put(StreamsConfig.mainConsumerPrefix(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG), 500);
        properties.put(StreamsConfig.mainConsumerPrefix(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG), "earliest");
        properties.put(StreamsConfig.mainConsumerPrefix(ConsumerConfig.FETCH_MIN_BYTES_CONFIG), 1);
        // What is paced comes in small portions.
        properties.put(StreamsConfig.mainConsumerPrefix(ConsumerConfig.MAX_POLL_RECORDS_CONFIG), 25);
        return properties;
    }
}
