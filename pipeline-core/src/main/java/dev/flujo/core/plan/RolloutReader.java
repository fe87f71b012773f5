package dev.flujo.core.plan;

import dev.flujo.core.plan.expression.Scope;
import dev.flujo.core.plan.shape.Limits;
import dev.flujo.core.plan.yaml.Node;
import dev.flujo.core.plan.yaml.Problems;
import dev.flujo.core.plan.yaml.Quote;
import dev.flujo.event.plan.Deploy;
import dev.flujo.event.plan.Deploy.Strategy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads how a new version takes over from the old one. */
final class RolloutReader {

    private static final List<Deploy.CanaryStep> DEFAULT_STEPS = List.of(
            new Deploy.CanaryStep(10, Limits.DEFAULT_PAUSE, false),
            new Deploy.CanaryStep(50, Limits.DEFAULT_PAUSE, false),
            new Deploy.CanaryStep(100, Limits.DEFAULT_PAUSE, false));
    private static final String UNSAID = "default";
    private static final Duration DEFAULT_EVERY = Duration.ofSeconds(30);

    private final Problems problems;
    private final Meaning meaning;

    RolloutReader(Problems problems, Meaning meaning) {
        this.problems = problems;
        this.meaning = meaning;
    }

    Deploy.Rollout read(Fields deploy) {
        List<Deploy.Analysis> analysis = deploy.entries("analysis").stream()
                .map(entry -> analysis(new Fields(entry, problems)))
                .toList();
        List<Deploy.Wave> waves = waves(deploy);
        return new Deploy.Rollout(
                deploy.whole("replicas", 1),
                strategy(deploy),
                analysis,
                !deploy.text("rollback").equals(Optional.of("manual")),
                waves);
    }

    private Strategy strategy(Fields deploy) {
        Fields settings = deploy.mapping("strategy");
        String word = deploy.text("strategy").orElse("rolling");
        if (settings.has("canary") || word.equals("canary")) {
            return new Strategy(
                    Strategy.Kind.CANARY,
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    false,
                    canary(settings));
        }
        if (settings.has("blue-green") || word.equals("blue-green")) {
            Fields blueGreen = settings.mapping("blue-green");
            return new Strategy(
                    Strategy.Kind.BLUE_GREEN,
                    Optional.empty(),
                    Optional.empty(),
                    blueGreen.time("keep"),
                    blueGreen.text("promote").equals(Optional.of("manual")),
                    List.of());
        }
        Fields rolling = settings.mapping("rolling");
        return new Strategy(
                Strategy.Kind.ROLLING,
                rolling.text("surge"),
                rolling.text("unavailable"),
                Optional.empty(),
                false,
                List.of());
    }

    private List<Deploy.CanaryStep> canary(Fields settings) {
        Fields canary = settings.mapping("canary");
        Duration every = canary.time("every").orElse(Limits.DEFAULT_PAUSE);
        boolean listed =
                settings.node("canary").filter(Node.Items.class::isInstance).isPresent();
        List<Node> entries = listed ? settings.entries("canary") : canary.entries("steps");
        List<Deploy.CanaryStep> steps = new ArrayList<>();
        for (Node entry : entries) {
            Fields step = new Fields(entry, problems);
            int weight =
                    entry instanceof Node.Scalar scalar ? Integer.parseInt(scalar.text()) : step.whole("weight", 100);
            if (!steps.isEmpty() && weight <= steps.get(steps.size() - 1).weight()) {
                problems.add(
                        entry,
                        "Expected shares that grow from step to step, but " + weight + " comes after "
                                + steps.get(steps.size() - 1).weight() + "; correct it.");
            }
            steps.add(new Deploy.CanaryStep(weight, step.time("pause").orElse(every), step.flag("approval", false)));
        }
        return steps.isEmpty() ? DEFAULT_STEPS : steps;
    }

    private Deploy.Analysis analysis(Fields entry) {
        for (String key : List.of("pass", "fail")) {
            entry.scalar(key).ifPresent(text -> meaning.condition(text, Scope.ofAnalysis()));
        }
        for (String key : List.of("prometheus", "requests")) {
            entry.field(key)
                    .filter(field -> !entry.has("pass") && !entry.has("fail"))
                    .ifPresent(field -> problems.add(
                            field.key(),
                            "Expected `pass` or `fail` beside `" + key + "`, but there is neither; say which numbers"
                                    + " are good, such as `pass: result < 0.01`."));
        }
        return new Deploy.Analysis(
                entry.text("name").orElse(""),
                entry.text("prometheus"),
                entry.text("http"),
                entry.text("requests"),
                entry.text("job"),
                entry.text("pass"),
                entry.text("fail"),
                entry.time("every").orElse(DEFAULT_EVERY),
                entry.whole("failure-limit", 0),
                entry.flag("compare", false));
    }

    /** Each namespace of a cluster is reached once, by one wave. */
    private List<Deploy.Wave> waves(Fields deploy) {
        List<Deploy.Wave> waves = new ArrayList<>();
        Map<String, String> reached = new HashMap<>();
        for (Node entry : deploy.entries("waves")) {
            Deploy.Wave wave = wave(new Fields(entry, problems));
            if (waves.stream().anyMatch(other -> other.name().equals(wave.name()))) {
                problems.add(
                        entry,
                        "Expected a name of its own for each wave, but there are two " + Quote.of(wave.name())
                                + "; rename one.");
            }
            for (String site : sites(wave, deploy)) {
                String before = reached.putIfAbsent(site, wave.name());
                if (before != null) {
                    problems.add(
                            entry,
                            "Expected each namespace of a cluster in one wave, but " + Quote.of(site) + " is in "
                                    + Quote.of(before) + " and " + Quote.of(wave.name()) + "; remove it from one.");
                }
            }
            waves.add(wave);
        }
        return waves;
    }

    /** By cluster and namespace, where one that is not said is the deployment's own. */
    private static List<String> sites(Deploy.Wave wave, Fields deploy) {
        List<String> clusters =
                wave.clusters().isEmpty() ? List.of(deploy.text("cluster").orElse(UNSAID)) : wave.clusters();
        List<String> namespaces =
                wave.namespaces().isEmpty() ? List.of(deploy.text("namespace").orElse(UNSAID)) : wave.namespaces();
        return clusters.stream()
                .flatMap(cluster -> namespaces.stream().map(namespace -> cluster + "/" + namespace))
                .toList();
    }

    private static Deploy.Wave wave(Fields entry) {
        return new Deploy.Wave(
                entry.text("name").orElse(""),
                entry.texts("clusters"),
                entry.texts("namespaces"),
                entry.time("pause").orElse(Duration.ZERO),
                entry.flag("approval", false));
    }
}
