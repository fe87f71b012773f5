package dev.flujo.deploy.rollout;

import dev.flujo.deploy.rollout.Stage.Side;
import dev.flujo.deploy.rollout.Stage.Watch;
import dev.flujo.event.plan.Deploy.Analysis;
import dev.flujo.event.plan.Deploy.CanaryStep;
import dev.flujo.event.plan.Deploy.Rollout;
import dev.flujo.event.plan.Deploy.Strategy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** The stages of each strategy. Nothing here knows a target, a clock or what happened so far. */
final class Stages {

    private static final int ALL = 100;
    private static final String QUARTER = "25%";

    private Stages() {}

    /**
     * The stages of a rollout.
     *
     * @param before how many replicas the version has that serves; empty where nothing does
     * @param rolls whether the target replaces replicas one by one itself
     */
    static List<Stage> of(Rollout rollout, Optional<Integer> before, boolean rolls) {
        if (before.isEmpty()) {
            return List.of(first(rollout));
        }
        int old = before.get();
        return switch (rollout.strategy().kind()) {
            case ROLLING -> rolls ? List.of(whole(rollout)) : rolling(rollout, old);
            case BLUE_GREEN -> blueGreen(rollout, old);
            case CANARY -> canary(rollout, old);
        };
    }

    /**
     * A version that served before takes over at once.
     *
     * @param undone how many replicas the one has that is undone
     * @param rolls whether the target replaces replicas one by one itself; then nothing is left of the one that is undone
     */
    static Stage back(Rollout rollout, int undone, boolean rolls) {
        int left = rolls && rollout.strategy().kind() == Strategy.Kind.ROLLING ? 0 : undone;
        return new Stage(new Side(rollout.replicas(), ALL), new Side(left, 0), Watch.NOTHING);
    }

    /** There is nothing to compare with and nothing to go back to, so the first version is only watched. */
    private static Stage first(Rollout rollout) {
        return new Stage(
                new Side(rollout.replicas(), ALL),
                new Side(0, 0),
                new Watch(Duration.ZERO, false, asked(rollout, analysis -> !ofTraffic(analysis))));
    }

    /** What is left of the old version when all of the new one is there, the target ends with it. */
    private static Stage whole(Rollout rollout) {
        return new Stage(
                new Side(rollout.replicas(), ALL),
                new Side(0, 0),
                new Watch(Duration.ZERO, false, asked(rollout, analysis -> true)));
    }

    private static List<Stage> rolling(Rollout rollout, int before) {
        int wanted = rollout.replicas();
        Strategy strategy = rollout.strategy();
        int surge = part(strategy.surge().orElse(QUARTER), wanted, true);
        int unavailable = part(strategy.unavailable().orElse(QUARTER), wanted, false);
        if (surge == 0 && unavailable == 0) {
            surge = 1;
        }
        List<Stage> stages = new ArrayList<>();
        int fresh = 0;
        int old = before;
        while (fresh < wanted || old > 0) {
            fresh = Math.max(fresh, Math.min(wanted, wanted + surge - old));
            int left = Math.min(old, Math.max(0, wanted - unavailable - fresh));
            Watch watch =
                    fresh == 0 ? Watch.NOTHING : new Watch(Duration.ZERO, false, asked(rollout, analysis -> true));
            stages.add(new Stage(new Side(fresh, fresh), new Side(left, left), watch));
            old = left;
        }
        return stages;
    }

    private static List<Stage> blueGreen(Rollout rollout, int old) {
        int wanted = rollout.replicas();
        return List.of(
                new Stage(
                        new Side(wanted, 0),
                        new Side(old, ALL),
                        new Watch(
                                Duration.ZERO,
                                rollout.strategy().promoteByHand(),
                                asked(rollout, analysis -> !ofTraffic(analysis)))),
                new Stage(
                        new Side(wanted, ALL),
                        new Side(old, 0),
                        new Watch(Duration.ZERO, false, asked(rollout, Stages::ofTraffic))));
    }

    private static List<Stage> canary(Rollout rollout, int old) {
        List<Stage> stages = new ArrayList<>();
        int wanted = rollout.replicas();
        for (CanaryStep step : rollout.strategy().steps()) {
            stages.add(new Stage(
                    new Side(Math.max(1, part(step.weight() + "%", wanted, true)), step.weight()),
                    new Side(old, ALL - step.weight()),
                    new Watch(step.pause(), step.approval(), asked(rollout, analysis -> true))));
        }
        if (stages.isEmpty() || stages.get(stages.size() - 1).fresh().share() < ALL) {
            stages.add(new Stage(new Side(wanted, ALL), new Side(old, 0), Watch.NOTHING));
        }
        return stages;
    }

    private static List<Analysis> asked(Rollout rollout, Predicate<Analysis> where) {
        return rollout.analysis().stream().filter(where).toList();
    }

    /** Of a version that users do not reach yet there is nothing to see. */
    private static boolean ofTraffic(Analysis analysis) {
        return analysis.requests().isPresent();
    }

    /** A number, or a share of the wanted replicas. */
    private static int part(String text, int wanted, boolean up) {
        if (!text.endsWith("%")) {
            return Integer.parseInt(text.trim());
        }
        double share = Double.parseDouble(text.substring(0, text.length() - 1).trim()) * wanted / ALL;
        return (int) (up ? Math.ceil(share) : Math.floor(share));
    }
}
