package dev.flujo.event;

import dev.flujo.event.plan.Deploy;
import dev.flujo.event.plan.Gate;
import dev.flujo.event.plan.Placement;
import dev.flujo.event.plan.Results;
import dev.flujo.event.plan.Step;
import dev.flujo.event.plan.Supplies;
import dev.flujo.event.plan.Tolerance;
import java.util.Map;
import java.util.Set;

/**
 * Equals each part of a plan that says nothing out of the ordinary; the codec leaves those out, so that a plain job is as
 * short on the wire as it is in its file.
 */
final class PlanDefaults {

    private static final Map<Class<?>, Object> DEFAULTS = Map.of(
            Gate.class, Gate.OPEN,
            Placement.class, Placement.ANYWHERE,
            Tolerance.class, Tolerance.NONE,
            Supplies.class, Supplies.NONE,
            Results.class, Results.NONE,
            Step.Settings.class, Step.Settings.NONE,
            Deploy.Rollout.class, Deploy.Rollout.PLAIN);

    /** The types of those parts. */
    static final Set<Class<?>> TYPES = DEFAULTS.keySet();

    @Override
    public boolean equals(Object part) {
        return part != null && part.equals(DEFAULTS.get(part.getClass()));
    }

    @Override
    public int hashCode() {
        return DEFAULTS.hashCode();
    }
}
