package dev.flujo.kit.event;

import dev.flujo.event.AssignmentEvent.WorkAssigned;
import dev.flujo.event.Topic;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/** Tells a runner which assignments are so old that its pool has taken them back. */
@ApplicationScoped
public class AssignmentAges {

    private static final Logger LOG = Logger.getLogger(AssignmentAges.class);

    private final String bootstrapServers;
    private final int partitions;
    private final TopicEnds ends = new TopicEnds();
    private Optional<Admin> admin = Optional.empty();

    AssignmentAges(@ConfigProperty(name = "kafka.bootstrap.servers") String bootstrapServers, TopicConfig topics) {
        this.bootstrapServers = bootstrapServers;
        this.partitions = Topic.ASSIGNMENTS.partitions(topics.partitions());
    }

    /** Asks where the assignments end now; to be called much more often than leases run out. */
    public void ask() {
        long asked = System.nanoTime();
        Map<TopicPartition, OffsetSpec> wanted = IntStream.range(0, partitions)
                .mapToObj(partition -> new TopicPartition(Topic.ASSIGNMENTS.topicName(), partition))
                .collect(Collectors.toMap(partition -> partition, partition -> OffsetSpec.latest()));
        // What is not committed yet lies there already: it is older than the question.
        ListOffsetsResult answer = admin().listOffsets(wanted, new ListOffsetsOptions(IsolationLevel.READ_UNCOMMITTED));
        answer.all().whenComplete((found, failure) -> {
            if (failure != null) {
                LOG.debugf("does not know where the assignments end: %s", failure.getMessage());
                return;
            }
            found.forEach((partition, end) -> ends.note(partition.partition(), end.offset(), asked));
        });
    }

    /**
     * Whether the lease of a runner is over that was given this work and did not take it up. What came before this process
     * first asked is measured by the clocks of two machines, for want of anything better.
     */
    public boolean tooLate(ConsumerRecord<String, byte[]> record, WorkAssigned assignment) {
        Duration lease = Duration.ofSeconds(assignment.leaseSeconds());
        return ends.oldest(record.partition(), record.offset(), System.nanoTime())
                        .orElseGet(() -> Duration.between(assignment.assignedAt(), Instant.now()))
                        .compareTo(lease)
                > 0;
    }

    @PreDestroy
    void close() {
        admin.ifPresent(open -> open.close(Duration.ZERO));
    }

    private synchronized Admin admin() {
        if (admin.isEmpty()) {
            admin = Optional.of(Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers)));
        }
        return admin.get();
    }
}
