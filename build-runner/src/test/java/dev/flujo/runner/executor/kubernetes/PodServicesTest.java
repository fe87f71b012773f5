package dev.flujo.runner.executor.kubernetes;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.flujo.event.plan.Service;
import dev.flujo.event.plan.Service.Ready;
import dev.flujo.runner.executor.RefusedException;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What API servers and nodes that the tests do not have say of services. */
class PodServicesTest {

    private final PodServices services = new PodServices(Map.of(
            "db",
            new Service(
                    "postgres:17",
                    Map.of(),
                    Optional.empty(),
                    Optional.of(new Ready(
                            Optional.empty(),
                            Optional.empty(),
                            5432,
                            Duration.ofSeconds(1),
                            Duration.ofSeconds(30))))));

    @Test
    void anApiServerThatDoesNotKnowSidecarsIsToldFromOneThatDoes() {
        List<Container> asked = services.containers("IfNotPresent", new ResourceRequirements());
        assertDoesNotThrow(() -> services.expectKept(pod(asked)));

        asked.forEach(container -> container.setRestartPolicy(null));

        RefusedException refused = assertThrows(RefusedException.class, () -> services.expectKept(pod(asked)));
        assertTrue(refused.getMessage().contains("1.29"), refused.getMessage());
    }

    @Test
    void oneThatWantedTooMuchMemoryWasNotTooSlow() {
        Pod pod = new PodBuilder()
                .withNewStatus()
                .addNewInitContainerStatus()
                .withName("service-1")
                .withNewLastState()
                .withNewTerminated()
                .withExitCode(137)
                .withReason("OOMKilled")
                .endTerminated()
                .endLastState()
                .endInitContainerStatus()
                .endStatus()
                .build();

        RefusedException refused = assertThrows(RefusedException.class, () -> services.trouble(pod));

        assertEquals(
                "Expected the service 'db' to be ready, but it has ended with 137, out of memory;"
                        + " the last that it printed: nothing",
                refused.getMessage());
    }

    private static Pod pod(List<Container> containers) {
        return new PodBuilder()
                .withNewSpec()
                .withInitContainers(containers)
                .endSpec()
                .build();
    }
}
