package dev.flujo.deploy.target.kubernetes;

import dev.flujo.event.plan.Deploy;
import dev.flujo.event.plan.Deploy.CanaryStep;
import dev.flujo.event.plan.Deploy.Strategy;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Strategies as pipelines name them. */
final class Strategies {

    private Strategies() {}

    static Deploy.Rollout rolling(int replicas) {
        return new Deploy.Rollout(replicas, Strategy.ROLLING, List.of(), true, List.of());
    }

    /** Switched as soon as the new version is healthy; the old one is not kept. */
    static Deploy.Rollout blueGreen() {
        Strategy strategy = new Strategy(
                Strategy.Kind.BLUE_GREEN,
                Optional.empty(),
                Optional.empty(),
                Optional.of(Duration.ZERO),
                false,
                List.of());
        return new Deploy.Rollout(1, strategy, List.of(), true, List.of());
    }

    /** These shares of the traffic, one after the other without a pause. */
    static Deploy.Rollout canary(int replicas, int... percents) {
        List<CanaryStep> steps = Arrays.stream(percents)
                .mapToObj(percent -> new CanaryStep(percent, Duration.ZERO, false))
                .toList();
        Strategy strategy =
                new Strategy(Strategy.Kind.CANARY, Optional.empty(), Optional.empty(), Optional.empty(), false, steps);
        return new Deploy.Rollout(replicas, strategy, List.of(), true, List.of());
    }
}
