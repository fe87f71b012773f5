package dev.flujo.deploy.api;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.flujo.deploy.rollout.Drift;
import dev.flujo.event.DriftEvent.Difference;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class DriftViewTest {

    @Test
    void namesFieldAndManagerAndLeavesOutWhatIsNotKnown() {
        UUID deployment = UUID.randomUUID();
        Instant since = Instant.parse("2026-03-01T00:00:00Z");
        Drift drift = new Drift(
                deployment,
                since,
                List.of(
                        new Difference(
                                "Deployment shop",
                                "spec.replicas",
                                Optional.of("3"),
                                Optional.of("5"),
                                Optional.of("kubectl-edit")),
                        new Difference(
                                "Service shop",
                                "metadata.name",
                                Optional.of("shop"),
                                Optional.empty(),
                                Optional.empty())));

        assertEquals(
                new DriftView(
                        deployment,
                        since,
                        List.of(
                                new DriftView.Field("Deployment shop", "spec.replicas", "3", "5", "kubectl-edit"),
                                new DriftView.Field("Service shop", "metadata.name", "shop", null, null))),
                DriftView.of(Optional.of(drift)));
    }

    @Test
    void hasNoFieldsWhereNothingHasDrifted() {
        assertEquals(new DriftView(null, null, List.of()), DriftView.of(Optional.empty()));
    }
}
