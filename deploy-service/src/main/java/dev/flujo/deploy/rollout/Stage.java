package dev.flujo.deploy.rollout;

import dev.flujo.event.plan.Deploy.Analysis;
import java.time.Duration;
import java.util.List;

/**
 * One state on the way from the old version to the new one: first so many replicas of the new one, then these shares of the
 * traffic, then what is watched, and at last so many replicas of the old one.
 */
record Stage(Side fresh, Side old, Watch watch) {

    /** How many replicas one version has, and its share of the traffic. */
    record Side(int replicas, int share) {}

    /**
     * What must be seen before the next stage.
     *
     * @param pause how long it is watched at least
     * @param approval whether a person must say that it goes on
     */
    record Watch(Duration pause, boolean approval, List<Analysis> analyses) {

        static final Watch NOTHING = new Watch(Duration.ZERO, false, List.of());

        Watch {
            analyses = List.copyOf(analyses);
        }
    }

    /** The new version's part of the traffic in percent. */
    int percent() {
        int sum = fresh.share() + old.share();
        return sum == 0 ? 0 : Math.round(100f * fresh.share() / sum);
    }
}
