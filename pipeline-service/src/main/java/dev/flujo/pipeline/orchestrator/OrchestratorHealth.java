package dev.flujo.pipeline.orchestrator;

import jakarta.enterprise.context.ApplicationScoped;
import org.apache.kafka.streams.KafkaStreams;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;
import org.eclipse.microprofile.health.Readiness;

/** Whether the orchestrator works: dead when its threads are gone for good or stuck, ready when it has its partitions. */
final class OrchestratorHealth {

    private OrchestratorHealth() {}

    /** A process whose threads have ended, or wait for what does not come, does nothing any more: it must be restarted. */
    @Liveness
    @ApplicationScoped
    static class Live implements HealthCheck {

        private final Orchestrator orchestrator;

        Live(Orchestrator orchestrator) {
            this.orchestrator = orchestrator;
        }

        @Override
        public HealthCheckResponse call() {
            KafkaStreams.State state = orchestrator.state();
            return HealthCheckResponse.named("orchestrator")
                    .status(state != KafkaStreams.State.ERROR
                            && state != KafkaStreams.State.NOT_RUNNING
                            && !orchestrator.stuck())
                    .withData("state", state.name())
                    .withData("stuck", orchestrator.stuck())
                    .build();
        }
    }

    /** It takes part: it runs, or is being given its partitions. */
    @Readiness
    @ApplicationScoped
    static class Ready implements HealthCheck {

        private final Orchestrator orchestrator;

        Ready(Orchestrator orchestrator) {
            this.orchestrator = orchestrator;
        }

        @Override
        public HealthCheckResponse call() {
            KafkaStreams.State state = orchestrator.state();
            return HealthCheckResponse.named("orchestrator")
                    .status(state == KafkaStreams.State.RUNNING)
                    .withData("state", state.name())
                    .build();
        }
    }
}
