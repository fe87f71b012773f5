package dev.flujo.kit.event;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.flujo.event.Attempt;
import dev.flujo.event.Envelope;
import dev.flujo.event.EventCodec;
import dev.flujo.event.JobEvent.JobStarted;
import dev.flujo.event.JobEvent.StepStarted;
import dev.flujo.event.Topic;
import io.smallrye.mutiny.Uni;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What is said in which order; a fake stands for Kafka, since only the calls matter. */
class ReportsTest {

    private static final Attempt ATTEMPT = new Attempt(new UUID(0, 1), "build", 1);
    private static final JobStarted STARTED = new JobStarted("shop", ATTEMPT, "r1", Instant.EPOCH);
    private static final StepStarted STEP = new StepStarted("shop", ATTEMPT, 0, "compile", Instant.EPOCH);

    private final List<String> said = new ArrayList<>();
    private final Reports reports = new Reports(new FakePublisher(), URI.create("/test"), ATTEMPT, new UUID(0, 2));

    @Test
    void keepsBackWhatIsHeldUntilTheNextReport() {
        reports.hold(Topic.BUILDS, "started", STARTED);
        assertEquals(List.of(), said);

        reports.send(Topic.BUILDS, "step-0", STEP);

        assertEquals(List.of("JobStarted", "StepStarted"), said);
    }

    @Test
    void sendsWhatIsHeldOnceWhenAskedTo() {
        reports.hold(Topic.BUILDS, "started", STARTED);

        reports.sendHeld();
        reports.sendHeld();

        assertEquals(List.of("JobStarted"), said);
    }

    @Test
    void leavesNothingHeldBehind() {
        reports.hold(Topic.BUILDS, "started", STARTED);

        reports.flush();

        assertEquals(List.of("JobStarted"), said);
    }

    private final class FakePublisher extends EventPublisher {

        FakePublisher() {
            super(null, new EventCodec(), null);
        }

        @Override
        public Uni<Void> publish(Topic topic, Envelope envelope) {
            said.add(envelope.event().getClass().getSimpleName());
            return Uni.createFrom().voidItem();
        }
    }
}
